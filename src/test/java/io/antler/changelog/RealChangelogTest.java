package io.antler.changelog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.antler.cli.Commands;
import io.antler.lab.SystemTest;
import io.antler.metalogger.RealMaster;
import io.antler.metalogger.RealMaster.Release;
import io.antler.moosefs.Change;
import io.antler.moosefs.ImageReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What real masters of both generations write is known, and every inode is called as the mount calls it. */
@SystemTest
class RealChangelogTest {
    private static final String ODD = "a, b (c) %41\n\u001b[31m";

    private record Result(int code, String out, String err) {}

    private static Result run(Object... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new StringWriter();
        int code = Commands.run(
                out,
                new PrintWriter(err, true),
                Stream.of(arguments).map(Object::toString).toArray(String[]::new));
        return new Result(code, out.toString(StandardCharsets.UTF_8), err.toString());
    }

    private static void shell(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), String.join(" ", command) + ": " + said);
    }

    @ParameterizedTest
    @EnumSource(Release.class)
    void everyLineIsKnownAndEveryInodeHasItsName(Release release, @TempDir Path directory)
            throws IOException, InterruptedException {
        try (RealMaster master = RealMaster.start(release, directory)) {
            Path mount = master.mount();
            before(mount);
            if (release == Release.V3) {
                tools(mount);
            }
            trash(master, mount);
            master.restart(); // writes an image, and all lines
            Path data = directory.resolve("data");
            assertImage(data.resolve("metadata.mfs.back"), release == Release.V3 ? "3.0" : "4.x");
            Path image = Files.copy(data.resolve("metadata.mfs.back"), directory.resolve("before.mfs"));

            after(mount);
            if (release == Release.V4) {
                Native.exchange(mount.resolve("moved"), mount.resolve("deep"));
            }
            assertNames(data, image, mount, () -> {
                try {
                    master.restart();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            });
            assertAllKnown(data, release);
        }
    }

    private interface Stop {
        void run() throws IOException;
    }

    private static void before(Path mount) throws IOException, InterruptedException {
        Path dir = Files.createDirectories(mount.resolve("dir/below"));
        Path file = Files.createFile(dir.resolve("file"));
        Files.createFile(dir.resolve(ODD));
        Files.createDirectory(dir.resolve("[x[1]"));
        Files.createLink(mount.resolve("hard link"), file);
        Files.createSymbolicLink(mount.resolve("soft"), Path.of("dir/below"));
        shell("mkfifo", mount.resolve("fifo").toString());
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx--x---"));
        Files.setAttribute(file, "unix:uid", 1000);
        Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(1_600_000_000)));
        try (FileChannel open = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            open.lock().release();
        }
        shell("truncate", "-s", "100000000", file.toString());
        shell("flock", file.toString(), "true");
        var attributes = Files.getFileAttributeView(file, UserDefinedFileAttributeView.class);
        attributes.write("note", StandardCharsets.UTF_8.encode("a,b\0c"));
        attributes.write("gone", StandardCharsets.UTF_8.encode("x"));
        attributes.delete("gone");
        Native.setAcl(file);
        Files.createFile(mount.resolve("over"));
        Files.createFile(mount.resolve("under"));
        Files.move(mount.resolve("over"), mount.resolve("under"), StandardCopyOption.REPLACE_EXISTING);
        Files.move(mount.resolve("dir"), mount.resolve("moved"));
        Files.createDirectory(mount.resolve("empty"));
        Files.delete(mount.resolve("empty"));
    }

    private static void tools(Path mount) throws IOException, InterruptedException {
        String moved = mount.resolve("moved").toString();
        shell("mfsmakesnapshot", moved, mount.resolve("snapshot").toString());
        shell("mfsseteattr", "-r", "-f", "noattrcache", moved);
        shell("mfsdeleattr", "-r", "-f", "noattrcache", moved);
        shell("mfssettrashtime", "-r", "3600", moved);
        shell("mfssetquota", "-I", "1000", moved);
        shell("mfsdelquota", "-a", moved);
        shell("mfsscadmin", mount.toString(), "create", "-K", "A,B", "three");
        shell("mfsscadmin", mount.toString(), "duplicate", "three", "four");
        shell("mfsscadmin", mount.toString(), "rename", "four", "five");
        shell("mfssetsclass", "three", moved + "/below/file");
        shell("mfsscadmin", mount.toString(), "delete", "five");
    }

    private static void trash(RealMaster master, Path mount) throws IOException, InterruptedException {
        for (String name : List.of("undeleted", "purged", "renamed")) {
            Path file = Files.createFile(mount.resolve(name));
            shell("truncate", "-s", "10", file.toString());
            Files.delete(file);
        }
        Path trash = master.mount("-m").resolve("trash");
        for (Path file : inTrash(trash)) {
            if (file.getFileName().toString().endsWith("undeleted")) {
                Files.move(file, trash.resolve("undel").resolve(file.getFileName()));
            } else if (file.getFileName().toString().endsWith("purged")) {
                Files.delete(file);
            } else {
                Files.writeString(file, "other/place");
            }
        }
        assertTrue(Files.exists(mount.resolve("undeleted")));
    }

    private static List<Path> inTrash(Path trash) throws IOException {
        try (Stream<Path> files = Files.walk(trash)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private static void after(Path mount) throws IOException, InterruptedException {
        Files.createFile(mount.resolve("moved/later"));
        Files.move(mount.resolve("moved/below"), mount.resolve("deep"));
        Files.delete(mount.resolve("hard link"));
        Files.createDirectories(mount.resolve("new/and/" + ODD));
        Files.move(mount.resolve("deep/file"), mount.resolve("new/and/" + ODD + "/file"));
    }

    private static void assertImage(Path image, String generation) throws IOException {
        Result info = run("image", "info", image);
        assertEquals(0, info.code(), info.err());
        assertTrue(info.out().contains("written by   " + generation + "\n"), info.out());
        assertFalse(info.out().contains(" -\n"), info.out());
        assertTrue(info.out().contains(" directories"), info.out());

        Result verify = run("image", "verify", image);
        assertEquals(0, verify.code(), verify.err());
        assertTrue(verify.out().contains("metadata.crc has the same sums"), verify.out());
        assertEveryDamageIsFound(image);
    }

    /** Of one byte, behind version and id, which say whether the sums are of this image. */
    private static void assertEveryDamageIsFound(Path image) throws IOException {
        Path damaged = Files.createDirectories(image.resolveSibling("damaged")).resolve("metadata.mfs");
        Files.copy(
                image.resolveSibling("metadata.crc"),
                damaged.resolveSibling("metadata.crc"),
                StandardCopyOption.REPLACE_EXISTING);
        byte[] content = Files.readAllBytes(image);
        var random = new Random(7);
        for (int i = 0; i < 300; i++) {
            byte[] changed = content.clone();
            int at = 24 + random.nextInt(content.length - 24);
            changed[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(damaged, changed);

            Result result = run("image", "verify", damaged);

            assertTrue(result.code() == 1 || result.code() == 3, "byte " + at + ": " + result);
            assertTrue((result.out() + result.err()).contains(damaged.toString()), result.toString());
        }
    }

    /** From an image and the changes after it, against the inodes of the mount. */
    private static void assertNames(Path data, Path image, Path mount, Stop stop) throws IOException {
        List<Path> files;
        try (Stream<Path> tree = Files.walk(mount)) {
            files = tree.toList();
        }
        List<Integer> inodes = files.stream().map(RealChangelogTest::inode).toList();
        stop.run();
        var explainer = new Explainer(new Names(64 << 20), ZoneOffset.UTC);
        try (ImageReader reader = ImageReader.open(image)) {
            explainer.learn(reader, _ -> {});
        }
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        assertEquals(
                0,
                Commands.run(
                        lines,
                        new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                        "changelog",
                        "cat",
                        data.toString()));
        lines.toString(StandardCharsets.ISO_8859_1).lines().map(Change::parse).forEach(explainer::explain);
        for (int i = 0; i < files.size(); i++) {
            byte[] path = ("/" + mount.relativize(files.get(i))).getBytes(StandardCharsets.UTF_8);
            var shown = new Text().name(path, 0, path.length);
            String said = explainer.explain(new Change(Long.MAX_VALUE - 1, "1700000000|ACCESS(" + inodes.get(i) + ")"));
            assertTrue(said.endsWith("reads " + shown + ": new access time"), said + " instead of " + shown);
        }
    }

    private static int inode(Path file) {
        try {
            return ((Number) Files.getAttribute(file, "unix:ino", LinkOption.NOFOLLOW_LINKS)).intValue();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void assertAllKnown(Path data, Release release) {
        Result verify = run("changelog", "verify", data);
        assertEquals(0, verify.code(), verify.out() + verify.err());
        Result json = run("changelog", "explain", data, "--json");
        assertEquals(0, json.code(), json.err());
        List<String> unknown = json.out()
                .lines()
                .filter(line -> line.contains("\"operation\":null"))
                .toList();
        assertEquals(List.of(), unknown);
        var operations = new TreeSet<>(json.out()
                .lines()
                .map(line -> line.replaceFirst(".*?\"operation\":\"([A-Z_]+)\".*", "$1"))
                .collect(Collectors.toSet()));
        System.out.println(release + " wrote " + operations);
        json.out().lines().filter(line -> line.contains("\"exchanges ")).forEach(System.out::println);
        var expected = new TreeSet<>(List.of(
                "ACQUIRE",
                "ATTR",
                "CREATE",
                "FLOCK",
                "LENGTH",
                "LINK",
                "MOVE",
                "POSIXLOCK",
                "PURGE",
                "SESADD",
                "SETACL",
                "SETMETAID",
                "SETPATH",
                "SETXATTR",
                "SYMLINK",
                "UNDEL",
                "UNLINK"));
        if (release == Release.V3) {
            expected.addAll(List.of(
                    "QUOTA", "SCDEL", "SCDUP", "SCREN", "SCSET", "SETEATTR", "SETSCLASS", "SETTRASHTIME", "SNAPSHOT"));
        }
        expected.removeAll(operations);
        assertEquals(List.of(), List.copyOf(expected));
    }
}
