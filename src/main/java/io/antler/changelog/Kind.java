package io.antler.changelog;

/** What an argument is, and what a token must look like to be one. */
enum Kind {
    INODE("inode", "number of an inode; shown with its path where that is known"),
    DIRECTORY("directory", "inode of the directory that the name behind it is in"),
    ENTRY("entry", "name in that directory"),
    NEW("new", "number of an inode, as a number"),
    NUMBER("number", "decimal number"),
    ID("id", "uid or gid; 4294967295: any"),
    CHUNK("chunk", "id of a chunk"),
    CLASS("class", "number of a storage class"),
    SESSION("session", "number of a session; shown with its address and mount point where they are known"),
    NEW_SESSION("new-session", "number of a session, as a number"),
    METADATA_ID("metadata-id", "id of the file system; shown as 16 hexadecimal digits"),
    MODE("mode", "permission bits in decimal; shown in octal"),
    TIME("time", "seconds since 1970; 0: none"),
    IP("ip", "IPv4 address as a decimal number"),
    TEXT("text", "a name"),
    PATH("path", "path without the leading slash"),
    CREATED("created", "path in parentheses"),
    DATA("data", "bytes; shown is how many"),
    OCTAL("octal", "octal number, begins with 0"),
    HEX("hex", "hexadecimal number, begins with 0x"),
    TAG("tag", "decimal number, begins with #"),
    LIST("list", "numbers in square brackets"),
    RAW("raw", "shown as it is"),
    REST("rest", "all further arguments, shown as they are"),
    WORDS("", "one of a list"),
    LITERAL("", "this value");

    private final String word;
    private final String meaning;

    Kind(String word, String meaning) {
        this.word = word;
        this.meaning = meaning;
    }

    /** In the table of operations. */
    String word() {
        return word;
    }

    String meaning() {
        return meaning;
    }

    /** A number below 2^32. */
    boolean isSmall() {
        return switch (this) {
            case INODE, DIRECTORY, NEW, ID, CLASS, SESSION, NEW_SESSION, MODE, TIME, IP -> true;
            default -> false;
        };
    }

    /** Bytes with {@code %XX}. */
    boolean isEscaped() {
        return this == ENTRY || this == TEXT || this == PATH || this == DATA || this == CREATED;
    }
}
