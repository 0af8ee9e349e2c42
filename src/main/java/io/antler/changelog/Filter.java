package io.antler.changelog;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Which changes are wanted: those that fit everything that was said. */
public final class Filter {
    private static final long ANY = -1;

    private long inode = ANY;
    private long session = ANY;
    private long firstVersion;
    private long lastVersion = Long.MAX_VALUE;
    private long firstSecond;
    private long lastSecond = Long.MAX_VALUE;
    private List<byte[]> operations = List.of();
    private byte[] path = {};
    private final Text scratch = new Text();

    /** That name the inode, also as a directory, by its name in one, or as what came out. */
    public void inode(long number) {
        inode = number;
    }

    public void session(long number) {
        session = number;
    }

    /** @param names none: all */
    public void operations(List<String> names) {
        operations = names.stream()
                .map(name -> name.getBytes(StandardCharsets.US_ASCII))
                .toList();
    }

    /** @param wanted from the root on; also what is below it */
    public void path(String wanted) {
        byte[] bytes = (wanted.endsWith("/") ? wanted : wanted + "/").getBytes(StandardCharsets.UTF_8);
        scratch.clear();
        scratch.shown(bytes, 0, bytes.length);
        path = Arrays.copyOf(scratch.bytes(), scratch.length());
    }

    /** @param last included */
    public void versions(long first, long last) {
        firstVersion = Math.max(firstVersion, first);
        lastVersion = Math.min(lastVersion, last);
    }

    /**
     * Of the master's clock, since 1970.
     *
     * @param last included
     */
    public void seconds(long first, long last) {
        firstSecond = Math.max(firstSecond, first);
        lastSecond = Math.min(lastSecond, last);
    }

    /** @param at at a change that was not applied yet */
    public boolean wants(Explainer at) {
        return at.version() >= firstVersion
                && at.version() <= lastVersion
                && at.seconds() >= firstSecond
                && at.seconds() <= lastSecond
                && (operations.isEmpty() || operations.stream().anyMatch(at.call()::isNamed))
                && ((inode == ANY && session == ANY && path.length == 0) || mentionsAll(at));
    }

    private boolean mentionsAll(Explainer at) {
        Form form = at.call().form();
        if (form == null) {
            return false;
        }
        boolean inodeSeen = inode == ANY;
        boolean sessionSeen = session == ANY;
        boolean pathSeen = path.length == 0;
        for (int index = 0; index < form.all().size(); index++) {
            int token = at.call().token(form, index);
            if (token < 0) {
                continue;
            }
            switch (form.all().get(index).kind()) {
                case INODE -> {
                    long number = at.call().number(token);
                    inodeSeen |= number == inode;
                    pathSeen = pathSeen || isBelow(at.names(), (int) number);
                }
                case NEW, DIRECTORY -> inodeSeen |= at.call().number(token) == inode;
                case SESSION, NEW_SESSION -> sessionSeen |= at.call().number(token) == session;
                case ENTRY -> {
                    inodeSeen = inodeSeen || Integer.toUnsignedLong(at.entry(form, index, token)) == inode;
                    pathSeen = pathSeen || isBelow(at, form, index, token);
                }
                default -> {}
            }
        }
        return inodeSeen && sessionSeen && pathSeen;
    }

    private boolean isBelow(Names names, int inode) {
        scratch.clear();
        names.directory(inode, scratch);
        return isBelow();
    }

    private boolean isBelow(Explainer at, Form form, int index, int token) {
        scratch.clear();
        at.names().directory(at.call().inode(form, index - 1), scratch);
        at.shownName(token, scratch);
        scratch.add('/');
        return isBelow();
    }

    private boolean isBelow() {
        return scratch.length() >= path.length && Arrays.equals(scratch.bytes(), 0, path.length, path, 0, path.length);
    }
}
