package io.antler.moosefs;

import io.antler.kernel.CommandFailed;
import io.antler.kernel.SystemCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A stock program as it is on the disk, which may be another one than runs. Any thread; blocks. */
public final class InstalledProgram {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Pattern VERSION = Pattern.compile("version: (\\S+)");

    private final Path file;
    private @Nullable FileTime changed; // guarded by this, like the next
    private String version = "";

    public InstalledProgram(Path file) {
        this.file = file;
    }

    /**
     * What it says for {@code -v}, like {@code 3.0.117-1}; asked again only when the file has changed.
     *
     * @throws IOException if it cannot be run, or says something else
     */
    public synchronized String version() throws IOException {
        FileTime now = Files.getLastModifiedTime(file);
        if (!now.equals(changed)) {
            version = ask();
            changed = now;
        }
        return version;
    }

    private String ask() throws IOException {
        try {
            String answer = new SystemCommand(List.of(), TIMEOUT).run(List.of(file.toString(), "-v"));
            Matcher matcher = VERSION.matcher(answer);
            if (!matcher.find()) {
                throw new IOException(file + " -v does not say its version: is it a program of MooseFS?");
            }
            return matcher.group(1);
        } catch (CommandFailed failed) {
            throw new IOException(failed.getMessage(), failed);
        }
    }
}
