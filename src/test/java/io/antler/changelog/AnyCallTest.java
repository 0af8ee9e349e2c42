package io.antler.changelog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.antler.moosefs.Change;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every form of every operation, as it should be and damaged at random. */
class AnyCallTest {
    private static final String CHARACTERS = "(),:%[]|#0x-~ \u0000\u001b\u0080\u00ff9A";

    private record Example(Operation operation, Form form, String text) {}

    private static String token(Argument argument, Random random) {
        return switch (argument.kind()) {
            case INODE, DIRECTORY, NEW -> Integer.toString(1 + random.nextInt(9));
            case SESSION, NEW_SESSION, ID, CLASS, NUMBER, CHUNK, MODE, TIME -> Integer.toString(random.nextInt(100));
            case METADATA_ID -> Long.toUnsignedString(random.nextLong());
            case IP -> Integer.toUnsignedString(random.nextInt());
            case ENTRY, TEXT, PATH -> List.of("a", "b%2Cc", "[x", "%00%FF").get(random.nextInt(4));
            case CREATED -> "(a/b)";
            case DATA -> "%00%01xyz";
            case OCTAL -> "0022";
            case HEX -> "0x00FF";
            case TAG -> "#17";
            case LIST -> List.of("[0]", "[0,1000,4294967295]").get(random.nextInt(2));
            case RAW -> "0";
            case REST -> "C(0:0:255),K(1:0:255),1";
            case LITERAL -> argument.literal();
            case WORDS -> {
                String described = Objects.requireNonNull(argument.words()).described();
                yield described.replaceFirst("bits; ", "").split(":", 2)[0];
            }
        };
    }

    private static Example example(Operation operation, Form form, Random random) {
        Stream<String> arguments = form.all().stream().limit(form.arguments()).map(each -> token(each, random));
        String results = form.all().stream()
                .skip(form.arguments())
                .map(each -> token(each, random))
                .collect(Collectors.joining(","));
        String text = operation.name() + "(" + arguments.collect(Collectors.joining(",")) + ")"
                + (results.isEmpty() ? "" : ":" + results);
        return new Example(operation, form, text);
    }

    private static List<Example> examples(Random random) {
        List<Example> examples = new ArrayList<>();
        for (Operation operation : Operations.ALL.list()) {
            operation.forms().forEach(form -> examples.add(example(operation, form, random)));
        }
        return examples;
    }

    @Test
    void everyFormIsRecognised() {
        for (Example example : examples(new Random(1))) {
            byte[] bytes = example.text().getBytes(StandardCharsets.ISO_8859_1);
            var call = new Call();
            call.read(bytes, 0, bytes.length);

            assertEquals(example.form(), call.form(), example.text());
        }
    }

    @Test
    void whateverStandsInALineItIsShownAndDoesNoHarm() {
        var explainer = new Explainer(new Names(64 << 20), ZoneOffset.UTC);
        for (long seed = 0; seed < 300; seed++) {
            var random = new Random(seed);
            for (Example example : examples(random)) {
                String text = random.nextInt(4) == 0 ? example.text() : mutated(example.text(), random);
                try {
                    String said = explainer.explain(new Change(seed, "1700000000|" + text));

                    assertTrue(said.chars().allMatch(each -> each >= ' ' && each != 0x7F), said);
                    assertTrue(said.length() > 30, said);
                } catch (RuntimeException broken) {
                    throw new AssertionError("seed " + seed + ": " + text, broken);
                }
            }
        }
    }

    private static String mutated(String text, Random random) {
        var changed = new StringBuilder(text);
        for (int i = random.nextInt(3); i >= 0 && !changed.isEmpty(); i--) {
            int at = random.nextInt(changed.length());
            char other = CHARACTERS.charAt(random.nextInt(CHARACTERS.length()));
            switch (random.nextInt(5)) {
                case 0 -> changed.setCharAt(at, other);
                case 1 -> changed.deleteCharAt(at);
                case 2 -> changed.insert(at, other);
                case 3 -> changed.setLength(at);
                default -> changed.insert(at, changed.substring(0, at));
            }
        }
        return changed.toString();
    }
}
