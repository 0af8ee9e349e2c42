package io.antler.changelog;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The reference of all operations, made from the table of operations. */
public final class ChangelogPage {
    private ChangelogPage() {}

    public static String render() {
        return """
                # The changelog and its operations

                A master writes a line into `changelog.0.mfs` for each change of its metadata:

                ```
                1207: 1795374474|CREATE(2,report.txt,1,420,18,1000,1000,0):3
                ```

                `1207` is the version of the metadata before the change, `1795374474` the time in seconds since 1970 by the master's clock. Then
                come the operation and its arguments, and behind the colon its results: what a replay must come to as well. In names each byte that
                is not printable ASCII, and `,`, `%%`, `(`, `)`, is written as `%%` and two hexadecimal digits.

                `antler changelog explain` says what is meant; [read a changelog](../how-to/read-a-changelog.md) shows how to use it. It
                uses this table; an operation that is not in it is shown as it is.

                A changelog does not tell who did something: most operations have no user and no session. Those that have say so below.

                ## Operations

                `?` behind a kind: may be missing. `=0`: has this value. Where an operation has several forms, the first that fits is meant.

                %s
                ## Kinds of arguments

                | kind | what it is |
                |---|---|
                %s
                ## Lists of values

                | kind | values |
                |---|---|
                %s
                Made from the table of operations by `mvn test -Dtest=DocumentationTest -Dantler.docs.write=true`. The table was read from the
                sources of MooseFS 3.0.117 and 4.57 to 4.59.
                """.formatted(
                Operations.ALL.list().stream().map(ChangelogPage::section).collect(Collectors.joining("\n")),
                Arrays.stream(Kind.values())
                        .filter(kind -> !kind.word().isEmpty())
                        .map(kind -> "| `" + kind.word() + "` | " + kind.meaning() + " |\n")
                        .collect(Collectors.joining()),
                Operations.ALL.words().stream()
                        .map(words -> "| `" + words.name() + "` | " + words.described() + " |\n")
                        .collect(Collectors.joining()));
    }

    private static String section(Operation operation) {
        return "### `" + operation.name() + "`\n\n"
                + (operation.writtenBy().isEmpty()
                        ? "Not written any more"
                        : "Written by " + operation.writtenBy().replace(" ", " and "))
                + (operation.readBy().isEmpty()
                        ? ".\n\n"
                        : "; understood by " + operation.readBy().replace(" ", " and ") + ".\n\n")
                + operation.forms().stream()
                        .map(form ->
                                "* `" + form.described() + "`: " + form.says().pattern() + "\n")
                        .collect(Collectors.joining())
                        .replace("`: ", "`\n  ")
                        .replace("* ``\n", "* no arguments\n");
    }
}
