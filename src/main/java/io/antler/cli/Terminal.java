package io.antler.cli;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** A standard stream of this process, for words and for bytes as they are. */
final class Terminal extends PrintWriter {
    private static final int BUFFER = 1 << 16;
    /** As Linux says it in English. In another language it is told like every other error. */
    private static final String BROKEN_PIPE = "Broken pipe";

    private final OutputStream stream;

    /** @param stream not buffered, and failing when nobody reads it any more */
    Terminal(OutputStream stream, Charset charset) {
        super(stream, true, charset);
        this.stream = stream;
    }

    /** What is written to it comes out at the latest when it is closed; the stream itself stays open. */
    static OutputStream bytes(PrintWriter out) {
        return new BufferedOutputStream(
                out instanceof Terminal terminal ? terminal.unclosed() : new Written(out), BUFFER);
    }

    /** A message with a piece of a file in it, so that a terminal does not obey it. */
    static String safe(String message) {
        var safe = new StringBuilder();
        message.chars().forEach(each -> {
            if ((each < ' ' && each != '\n') || (each >= 0x7F && each < 0xA0)) {
                safe.append("\\x%02X".formatted(each));
            } else {
                safe.append((char) each);
            }
        });
        return safe.toString();
    }

    private OutputStream unclosed() {
        flush();
        return new FilterOutputStream(stream) {
            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                try {
                    out.write(bytes, from, length);
                } catch (IOException failure) {
                    throw BROKEN_PIPE.equals(failure.getMessage())
                            ? new OutputClosed(failure)
                            : new IOException("The output cannot be written: " + failure.getMessage(), failure);
                }
            }

            @Override
            public void close() {}
        };
    }

    /** Nobody reads what is written, as with {@code antler changelog cat ... | head}. */
    static final class OutputClosed extends IOException {
        private static final long serialVersionUID = 1L;

        OutputClosed(IOException cause) {
            super("nobody reads the output any more", cause);
        }
    }

    /** Into a writer that is no stream of this process. */
    private static final class Written extends OutputStream {
        private final PrintWriter out;

        Written(PrintWriter out) {
            this.out = out;
        }

        @Override
        public void write(int next) {
            out.write(next & 0xFF);
        }

        @Override
        public void write(byte[] bytes, int from, int length) {
            out.write(new String(bytes, from, length, StandardCharsets.UTF_8));
        }

        @Override
        public void flush() {
            out.flush();
        }
    }
}
