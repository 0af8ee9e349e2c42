package io.antler.changelog;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** Shows arguments, each as its kind is read by people. Not thread-safe. */
final class Writer {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ISO_OFFSET_DATE_TIME;

    private final Names names;
    private final Sessions sessions;
    private final ZoneId zone;
    private byte[] scratch = new byte[1 << 10];
    private long shownSeconds = -1;
    private String shownTime = "";

    Writer(Names names, Sessions sessions, ZoneId zone) {
        this.names = names;
        this.sessions = sessions;
        this.zone = zone;
    }

    void write(Call call, Form form, int index, int token, Text out) {
        Argument argument = form.all().get(index);
        switch (argument.kind()) {
            case INODE, DIRECTORY -> names.show((int) call.number(token), out);
            case ENTRY -> entry(call, form, index, token, out);
            case NEW -> out.add("inode ").add(call.bytes(), call.from(token), call.to(token));
            case SESSION -> sessions.show((int) call.number(token), out);
            case NEW_SESSION -> out.add("session ").add(call.bytes(), call.from(token), call.to(token));
            case MODE -> octal(call.number(token), out);
            case TIME -> time(call.number(token), out);
            case IP -> ip((int) call.number(token), out);
            case METADATA_ID -> id(call.number(token), out);
            case TEXT -> out.name(scratch, 0, decoded(call, token));
            case PATH, CREATED -> path(call, token, out);
            case DATA -> {
                int length = decoded(call, token);
                out.number(length).add(length == 1 ? " byte" : " bytes");
            }
            case WORDS -> {
                if (argument.words() != null) {
                    argument.words().write(call.bytes(), call.from(token), call.to(token), out);
                }
            }
            case REST -> out.shown(call.bytes(), call.from(token), call.to(call.arguments() - 1));
            case NUMBER, ID, CHUNK, CLASS, OCTAL, HEX, TAG, LIST, RAW, LITERAL ->
                out.shown(call.bytes(), call.from(token), call.to(token));
        }
    }

    private int decoded(Call call, int token) {
        if (scratch.length < call.length(token)) {
            scratch = new byte[call.length(token)];
        }
        return call.decode(token, scratch, 0);
    }

    private void entry(Call call, Form form, int index, int token, Text out) {
        int length = decoded(call, token);
        int start = out.length();
        boolean quote = names.directory(call.inode(form, index - 1), out);
        if (out.shown(scratch, 0, length) || quote) {
            out.quoted(start);
        }
    }

    private void path(Call call, int token, Text out) {
        int length = decoded(call, token);
        int start = out.length();
        out.add('/');
        if (out.shown(scratch, 0, length)) {
            out.quoted(start);
        }
    }

    private static void octal(long mode, Text out) {
        out.add('0').add(Long.toOctalString(mode));
    }

    void time(long seconds, Text out) {
        if (seconds == 0) {
            out.add("none");
            return;
        }
        if (seconds != shownSeconds) {
            shownSeconds = seconds;
            shownTime = TIME.format(Instant.ofEpochSecond(seconds).atZone(zone));
        }
        out.add(shownTime);
    }

    static void ip(int address, Text out) {
        out.number(address >>> 24)
                .add('.')
                .number(address >>> 16 & 0xFF)
                .add('.')
                .number(address >>> 8 & 0xFF)
                .add('.')
                .number(address & 0xFF);
    }

    private static void id(long id, Text out) {
        for (int shift = 56; shift >= 0; shift -= 8) {
            out.hex((int) (id >>> shift) & 0xFF);
        }
    }
}
