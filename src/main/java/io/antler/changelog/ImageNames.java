package io.antler.changelog;

import io.antler.moosefs.ImageReader;
import io.antler.moosefs.ImageReader.Section;
import java.io.IOException;
import java.util.function.LongConsumer;

/** Reads out of an image what things are called: the entries of directories, and where sessions come from. */
final class ImageNames {
    private static final int OLD_EDGES = 0x10;
    private static final int EDGES = 0x11;
    private static final int TOLD_EVERY = 1 << 16;

    private final ImageReader image;
    private final Names names;
    private final Sessions sessions;
    private final LongConsumer progress;
    private final Text scratch = new Text();

    /** @param progress hears how many bytes were read, now and then */
    ImageNames(ImageReader image, Names names, Sessions sessions, LongConsumer progress) {
        this.image = image;
        this.names = names;
        this.sessions = sessions;
        this.progress = progress;
    }

    /** @throws io.antler.moosefs.BadImage if it is damaged, or has entries of a newer MooseFS */
    void read() throws IOException {
        if (image.header().isNew()) {
            return;
        }
        for (Section section = image.next(); section != null; section = image.next()) {
            switch (section.name()) {
                case "SESS" -> sessions(section);
                case "EDGE" -> edges(section);
                default -> {}
            }
        }
    }

    /** Those of older images, of masters before 3.0.117, are not read: they have ended long ago. */
    private void sessions(Section section) throws IOException {
        if (section.version() != 0x15 && section.version() != 0x16) {
            return;
        }
        int counters = image.u16(image.take(6) + 4);
        while (true) {
            int at = image.take(61 + 8 * counters);
            int id = image.u32(at);
            if (id == 0) {
                return;
            }
            int length = image.u32(at + 12);
            scratch.clear();
            Writer.ip(image.u32(at + 16), scratch);
            scratch.add(' ');
            if (length < 0 || length > ImageReader.LARGEST) {
                throw image.bad("a session at byte " + image.offset() + " has a mount point of " + length + " bytes");
            }
            int info = image.take(length);
            scratch.name(image.buffer(), info, info + length);
            sessions.put(id, scratch);
        }
    }

    private void edges(Section section) throws IOException {
        if (section.version() != EDGES && section.version() != OLD_EDGES) {
            throw image.bad("its section EDGE has the unknown version " + section.shownVersion());
        }
        int header = section.version() == EDGES ? 18 : 10;
        if (section.version() == EDGES) {
            image.take(8); // id of the next one
        }
        for (long count = 0; ; count++) {
            int at = image.take(header);
            int parent = image.u32(at);
            int child = image.u32(at + 4);
            if (parent == 0 && child == 0) {
                return;
            }
            int length = image.u16(at + header - 2);
            int name = image.take(length);
            if (child == 0) {
                throw image.bad("an entry before byte " + image.offset() + " is of inode 0");
            }
            if (parent == 0) {
                names.trash(child, image.buffer(), name, name + length);
            } else {
                names.link(parent, image.buffer(), name, name + length, child);
            }
            if (count % TOLD_EVERY == 0) {
                progress.accept(image.offset());
            }
        }
    }
}
