package io.antler.changelog;

/** What an operation does to what things are called. */
enum Effect {
    NONE,
    MAKES,
    LINKS,
    MOVES,
    UNLINKS,
    RENAMES_TRASH,
    REVIVES,
    BEGINS_SESSION,
    CHANGES_SESSION;

    static Effect of(String operation) {
        return switch (operation) {
            case "CREATE", "SYMLINK" -> MAKES;
            case "LINK", "TRASH_RECOVER" -> LINKS;
            case "MOVE" -> MOVES;
            case "UNLINK" -> UNLINKS;
            case "SETPATH" -> RENAMES_TRASH;
            case "UNDEL" -> REVIVES;
            case "SESADD" -> BEGINS_SESSION;
            case "SESCHANGED" -> CHANGES_SESSION;
            default -> NONE;
        };
    }
}
