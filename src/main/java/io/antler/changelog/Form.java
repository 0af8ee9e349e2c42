package io.antler.changelog;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One way in which an operation is written.
 *
 * @param all arguments, then results
 * @param arguments how many of them are arguments
 */
record Form(List<Argument> all, int arguments, Sentence says) {
    Form {
        all = List.copyOf(all);
    }

    int results() {
        return all.size() - arguments;
    }

    /** {@code parent:directory,name:entry -> inode:new}, as the reference shows it. */
    String described() {
        String results = described(all.stream().skip(arguments));
        return described(all.stream().limit(arguments)) + (results.isEmpty() ? "" : " → " + results);
    }

    private static String described(Stream<Argument> some) {
        return some.map(Argument::described).collect(Collectors.joining(", "));
    }

    boolean fits(Call call) {
        return fits(call, 0, arguments, call.arguments(), 0)
                && fits(call, arguments, all.size(), call.results(), call.arguments());
    }

    private boolean fits(Call call, int first, int last, int there, int token) {
        int index = first;
        for (int i = 0; i < there; i++) {
            if (index == last) {
                return false;
            }
            Argument argument = all.get(index);
            if (!argument.fits(call.bytes(), call.from(token + i), call.to(token + i))) {
                return false;
            }
            if (argument.kind() != Kind.REST) {
                index++;
            }
        }
        return index == last
                || all.get(index).optional()
                || (all.get(index).kind() == Kind.REST && there > index - first);
    }
}
