package io.antler.bench.raw;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.Arrays;
import java.util.Map;

/**
 * A program that is told what to do by lines on standard input, one at a time, and answers each with one line on standard
 * output: {@code ok}, {@code not} (it leads no longer: start over) or {@code failed}, then a text. It ends with its input,
 * so none outlives the program that started it.
 */
public final class Console {
    /** Before each answer: other lines on standard output are not ours. */
    public static final String MARK = "bench> ";

    private Console() {}

    /** What one word does. */
    public interface Command {
        String run(String[] arguments) throws Exception;
    }

    /** Something must be done at the leader, and this node is it no longer. */
    public static final class NotLeader extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public NotLeader(String message) {
            super(message);
        }
    }

    /** Returns at the end of the input. */
    public static void serve(Map<String, Command> commands) throws IOException {
        answer("ok", "ready");
        try (var in = new BufferedReader(new InputStreamReader(System.in, UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] words = line.split(" ", -1);
                Command command = commands.get(words[0]);
                try {
                    if (command == null) {
                        throw new IllegalArgumentException("no command " + words[0]);
                    }
                    answer("ok", command.run(Arrays.copyOfRange(words, 1, words.length)));
                } catch (NotLeader e) {
                    answer("not", String.valueOf(e.getMessage()));
                } catch (Exception e) { // whatever it is, the program that asked reports it and stops
                    e.printStackTrace();
                    answer("failed", line + ": " + e);
                }
            }
        }
    }

    private static void answer(String kind, String text) {
        System.out.println(MARK + kind + " " + text.replace('\n', ' '));
        System.out.flush();
    }
}
