package io.antler.changelog;

import io.antler.moosefs.Change;
import io.antler.moosefs.ChangelogReader;
import io.antler.moosefs.ImageReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * Says in words what changes do. Remembers from each what things are called, so it is to be given all of a history, in
 * order; each is explained with the names from before it. An operation that is not known is shown as it is.
 *
 * <p>One change at a time: {@link #read}, then what is wanted, then {@link #apply}. Not thread-safe.
 */
public final class Explainer {
    private static final byte[] NONE = {};
    private static final int EXCHANGE = 1;

    private final Names names;
    private final Sessions sessions = new Sessions();
    private final Writer writer;
    private final Call call = new Call();
    private final ChangelogReader.Bytes taker = this::read;
    private final Text one = new Text();
    private final Text scratch = new Text();
    private byte[] decoded = new byte[1 << 10];
    private byte[] line = NONE;
    private int lineFrom;
    private int lineTo;
    private long version;
    private long seconds;
    private long imageVersion; // changes before it are in the names already

    /** @param zone for times */
    public Explainer(Names names, ZoneId zone) {
        this.names = names;
        this.writer = new Writer(names, sessions, zone);
    }

    /** {@code 1207  2026-11-28T06:55:00Z  MOVE  moves /a to /b (inode 7)}, and goes on to after it. */
    public String explain(Change change) {
        byte[] text = change.text().getBytes(StandardCharsets.ISO_8859_1);
        int bar = change.text().indexOf('|');
        version = change.version();
        seconds = number(text, Math.max(0, Math.min(bar, 10)));
        read(text, 0, text.length);
        one.clear();
        write(one);
        apply();
        return one.toString();
    }

    private static long number(byte[] text, int to) {
        long number = 0;
        for (int at = 0; at < to; at++) {
            number = number * 10 + (text[at] - '0');
        }
        return number;
    }

    /** @param at stays at this line until {@link #apply} */
    public void read(ChangelogReader at) {
        version = at.version();
        seconds = at.seconds();
        at.text(taker);
    }

    private void read(byte[] bytes, int from, int to) {
        line = bytes;
        lineFrom = from;
        lineTo = to;
        int at = from;
        while (at < to && bytes[at] != '|') {
            at++;
        }
        call.read(bytes, Math.min(to, at + 1), to);
    }

    Names names() {
        return names;
    }

    /**
     * Learns what things are called, before the first change is read. Of earlier changes than the image's version it says what
     * they concern by the names that the image has.
     *
     * @param progress hears how many bytes of the image were read, now and then
     * @throws io.antler.moosefs.BadImage if it is damaged, or of a newer MooseFS
     * @throws NamesFull if there are more names than there is memory for
     */
    public void learn(ImageReader image, LongConsumer progress) throws IOException {
        new ImageNames(image, names, sessions, progress).read();
        imageVersion = image.header().version();
    }

    Call call() {
        return call;
    }

    long version() {
        return version;
    }

    long seconds() {
        return seconds;
    }

    /** Version, time, operation and what it does. Without a line feed. */
    public void write(Text out) {
        out.number(version).add("  ");
        writer.time(seconds, out);
        out.add("  ");
        if (call.form() != null) {
            call.writeName(out);
            out.add("  ");
        }
        says(out);
    }

    /** What it does; the change as it is, if that is not known. */
    public void says(Text out) {
        Form form = call.form();
        if (form != null) {
            form.says().write(call, form, writer, out);
            return;
        }
        call.writeRaw(out);
        out.add(
                call.operation() == null
                        ? "  (an operation that is not known)"
                        : "  (this operation is not known with such arguments)");
    }

    /** One JSON object. Without a line feed. */
    public void json(Text out) {
        out.add("{\"version\":").number(version).add(",\"seconds\":").number(seconds);
        out.add(",\"time\":\"");
        writer.time(seconds, out);
        out.add("\",\"operation\":");
        Form form = call.form();
        if (form == null) {
            out.add("null");
        } else {
            quoted(out, this::name);
            int results = form.arguments();
            out.add(",\"arguments\":{");
            values(form, 0, results, out);
            out.add("},\"results\":{");
            values(form, results, form.all().size(), out);
            out.add('}');
        }
        out.add(",\"text\":");
        quoted(out, this::says);
        out.add(",\"line\":");
        quoted(out, shown -> shown.number(version).add(": ").shown(line, lineFrom, lineTo));
        out.add('}');
    }

    private void name(Text out) {
        call.writeName(out);
    }

    private interface Shown {
        void write(Text out);
    }

    private void quoted(Text out, Shown shown) {
        scratch.clear();
        shown.write(scratch);
        out.json(scratch, 0, scratch.length());
    }

    private void values(Form form, int first, int last, Text out) {
        boolean begun = false;
        for (int index = first; index < last; index++) {
            int token = call.token(form, index);
            if (token < 0) {
                continue;
            }
            Argument argument = form.all().get(index);
            out.add(begun ? ",\"" : "\"").add(argument.name()).add("\":");
            begun = true;
            if (argument.kind().isSmall()) {
                out.number(call.number(token));
            } else {
                value(argument, token, out);
            }
        }
    }

    private void value(Argument argument, int token, Text out) {
        scratch.clear();
        if (argument.kind().isEscaped()) {
            shownName(token, scratch);
        } else if (argument.kind() == Kind.REST) {
            scratch.shown(call.bytes(), call.from(token), call.to(call.arguments() - 1));
        } else {
            scratch.shown(call.bytes(), call.from(token), call.to(token));
        }
        out.json(scratch, 0, scratch.length());
    }

    /** Of a token that is a name. */
    void shownName(int token, Text out) {
        int length = decode(token);
        out.shown(decoded, 0, length);
    }

    private int decode(int token) {
        if (decoded.length < call.length(token)) {
            decoded = new byte[Math.max(call.length(token), decoded.length * 2)];
        }
        return call.decode(token, decoded, 0);
    }

    /**
     * Goes on to after the change.
     *
     * @throws NamesFull if there are more names than there is memory for
     */
    public void apply() {
        Form form = call.form();
        Operation operation = call.operation();
        if (form == null || operation == null) {
            return;
        }
        switch (operation.effect()) {
            case NONE -> {}
            case BEGINS_SESSION -> session(form, call.inode(form, form.all().size() - 1));
            case CHANGES_SESSION -> session(form, call.inode(form, 0));
            case MAKES -> link(call.inode(form, form.all().size() - 1), call.inode(form, 0), 1);
            case LINKS -> link(call.inode(form, 0), call.inode(form, 1), 2);
            case UNLINKS -> {
                int inode = call.inode(form, 2);
                if (changesNames(inode)) {
                    int length = decode(1);
                    names.unlink(call.inode(form, 0), decoded, 0, length, inode);
                }
            }
            case MOVES -> move(form);
            case REVIVES -> {
                if (changesNames(call.inode(form, 0))) {
                    names.revive(call.inode(form, 0));
                }
            }
            case RENAMES_TRASH -> {
                if (changesNames(call.inode(form, 0))) {
                    int length = decode(1);
                    names.trash(call.inode(form, 0), decoded, 0, length);
                }
            }
        }
    }

    /** What an image has is as it was later; only what it has no more can be learnt from changes before it. */
    private boolean changesNames(int inode) {
        return version >= imageVersion || !names.has(inode);
    }

    private void link(int inode, int directory, int token) {
        if (changesNames(inode)) {
            int length = decode(token);
            names.link(directory, decoded, 0, length, inode);
        }
    }

    private void move(Form form) {
        int from = call.inode(form, 0);
        int to = call.inode(form, 2);
        if (form.arguments() > 4 && call.number(4) == EXCHANGE) {
            exchange(from, to);
            return;
        }
        int inode = call.inode(form, form.all().size() - 1);
        if (changesNames(inode)) {
            int length = decode(1);
            names.unlink(from, decoded, 0, length, inode);
            length = decode(3);
            names.link(to, decoded, 0, length, inode);
        }
    }

    /** The result tells no inode: masters write what happens to be in memory. */
    private void exchange(int from, int to) {
        if (version < imageVersion) {
            return;
        }
        int length = decode(1);
        byte[] old = Arrays.copyOf(decoded, length);
        length = decode(3);
        int one = names.inode(from, old, 0, old.length);
        int other = names.inode(to, decoded, 0, length);
        if (one != 0) {
            names.unlink(from, old, 0, old.length, one);
        }
        if (other != 0) {
            names.unlink(to, decoded, 0, length, other);
            names.link(from, old, 0, old.length, other);
        }
        if (one != 0) {
            names.link(to, decoded, 0, length, one);
        }
    }

    /** Of a token that is an entry; 0: not known. */
    int entry(Form form, int index, int token) {
        int length = decode(token);
        return names.inode(call.inode(form, index - 1), decoded, 0, length);
    }

    private void session(Form form, int session) {
        int ip = index(form, Kind.IP);
        int info = index(form, Kind.TEXT);
        scratch.clear();
        Writer.ip(call.inode(form, ip), scratch);
        scratch.add(' ');
        int length = decode(call.token(form, info));
        scratch.name(decoded, 0, length);
        sessions.put(session, scratch);
    }

    private static int index(Form form, Kind kind) {
        for (int index = 0; index < form.all().size(); index++) {
            if (form.all().get(index).kind() == kind) {
                return index;
            }
        }
        throw new IllegalStateException("no argument of the kind " + kind.word());
    }
}
