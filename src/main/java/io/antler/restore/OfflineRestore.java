package io.antler.restore;

import io.antler.collector.ChangelogFiles;
import io.antler.collector.Finding;
import io.antler.collector.History;
import io.antler.collector.ImageFile;
import io.antler.collector.ImageUnusable;
import io.antler.collector.Merge;
import io.antler.collector.NewDirectory;
import io.antler.collector.Opener;
import io.antler.collector.SourceUnusable;
import io.antler.collector.TargetUnusable;
import io.antler.moosefs.ChangelogReader;
import io.antler.moosefs.MetadataId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a directory with one {@code metadata.mfs} out of an image and changelogs, by the stock program.
 *
 * <pre>
 * files fit as they are:   program replays links to them  ║  meanwhile the merge compares everything
 *                          (what the merge finds ends this, and the other way is gone)
 * else:                    merge writes clean files  ──►  program replays them
 * </pre>
 *
 * <p>Blocking. The sources are only read.
 */
public final class OfflineRestore {
    private static final Logger LOG = LoggerFactory.getLogger(OfflineRestore.class);
    private static final String IMAGE = "metadata.mfs";

    private final RestorePlan plan;
    private final Path program;
    private final MetadataOwner owner;
    private final RestoreProgress progress;

    private OfflineRestore(RestorePlan plan, Path program, MetadataOwner owner, RestoreProgress progress) {
        this.plan = plan;
        this.program = program;
        this.owner = owner;
        this.progress = progress;
    }

    /** What would come out; touches nothing. */
    public static Restored look(RestorePlan plan, RestoreProgress progress) throws IOException {
        var restore = new OfflineRestore(plan, Path.of("none"), MetadataOwner.OF_PACKAGES, progress);
        return restore.merge(Optional.empty());
    }

    /**
     * @param program absolute path of {@code mfsmaster}
     * @param target does not exist yet
     * @param owner gets the directory and what is in it
     * @throws io.antler.collector.TargetUnusable if it exists or cannot be written; nothing of it is left
     * @throws RestoreFailed if the program cannot apply what there is
     * @throws NoWay if something stands in the way that must be decided first
     */
    public static Restored run(
            RestorePlan plan, Path program, Path target, MetadataOwner owner, RestoreProgress progress)
            throws IOException {
        RestorePlan current = plan;
        while (true) {
            try {
                return runOnce(current, program, target, owner, progress);
            } catch (ImageUnusable broken) {
                current = current.without(broken);
                LOG.debug("another image is taken", broken);
            }
        }
    }

    private static Restored runOnce(
            RestorePlan plan, Path program, Path target, MetadataOwner owner, RestoreProgress progress)
            throws IOException {
        Emergency emergency = Emergency.check(plan.image());
        try (NewDirectory directory = NewDirectory.of(target)) {
            try {
                Restored restored = new OfflineRestore(plan, program, owner, progress).restore(directory.path());
                directory.publish();
                return restored;
            } catch (SourceUnusable | TargetUnusable named) {
                emergency.removeNew();
                throw named;
            } catch (RestoreFailed failed) {
                emergency.removeNew();
                throw directory.isFull() ? directory.failed(failed) : failed;
            } catch (IOException failure) {
                emergency.removeNew();
                throw directory.failed(failure);
            }
        }
    }

    private Restored restore(Path directory) throws IOException {
        Path work = directory.resolve("work");
        Optional<Restored> linked = Optional.empty();
        if (plan.end().isEmpty()) {
            linked = byLinks(work, directory);
        }
        Restored restored = linked.isPresent() ? linked.get() : byCleanFiles(work, directory);
        deleteTree(work);
        return restored;
    }

    private Optional<Restored> byLinks(Path work, Path directory) throws IOException {
        ImageFile image = plan.image();
        LinkedFiles files = LinkedFiles.from(image.version(), plan.sources().changelogs());
        prepare(work);
        for (int i = 0; i < files.files().size(); i++) {
            link(files.files().get(i), StockRestore.data(work).resolve("changelog." + i + ".mfs"));
        }
        try (StockRestore stock = start(work, files.reach())) {
            Restored restored = merge(Optional.empty());
            if (restored.reached() == files.reach()
                    && restored.history().findings().stream().noneMatch(OfflineRestore::needsCleanFiles)) {
                finish(stock, files.reach(), directory);
                return Optional.of(restored);
            }
        } catch (RestoreFailed failed) {
            LOG.debug("not from the files as they are: {}", failed.getMessage());
        }
        deleteTree(work);
        return Optional.empty();
    }

    /** The program would read over it, or believe the wrong side. */
    private static boolean needsCleanFiles(Finding finding) {
        return switch (finding) {
            case Finding.Conflict _, Finding.Disputed _, Finding.Damaged _ -> true;
            case Finding.Missing _, Finding.HalfLine _ -> false;
        };
    }

    private Restored byCleanFiles(Path work, Path directory) throws IOException {
        prepare(work);
        Restored restored;
        try (var files = new ChangelogFiles(StockRestore.data(work))) {
            restored = merge(Optional.of(files));
            files.finish();
        }
        try (StockRestore stock = start(work, restored.reached())) {
            finish(stock, restored.reached(), directory);
        }
        return restored;
    }

    private void prepare(Path work) throws IOException {
        Files.createDirectories(StockRestore.data(work));
        ImageFile image = plan.image();
        Path copy = StockRestore.image(work);
        if (image.local().filter(Opener::isPlain).isPresent()) {
            link(image.local().orElseThrow(), copy);
        } else {
            image.copyTo(copy);
        }
    }

    private static void link(Path file, Path name) throws IOException {
        try {
            Files.createSymbolicLink(name, file.toRealPath());
        } catch (NoSuchFileException gone) {
            throw new SourceUnusable(file + " has gone meanwhile. Run it again", gone);
        }
    }

    private StockRestore start(Path work, long until) throws IOException {
        long first = plan.image().version();
        return StockRestore.start(program, work, version -> progress.replaying(version, first, until));
    }

    private void finish(StockRestore stock, long reached, Path directory) throws IOException {
        Set<MetadataId> ids = plan.sources().metadataId().map(Set::of).orElse(Set.of());
        Path image = stock.result(reached, ids);
        Path result = directory.resolve(IMAGE);
        Files.move(image, result);
        owner.give(List.of(directory, result));
    }

    /** @param files get what is to be replayed */
    private Restored merge(Optional<ChangelogFiles> files) throws IOException {
        ImageFile image = plan.image();
        var sink = new Wanted(image.version(), plan.end(), files, progress);
        History history = Merge.run(
                        plan.sources().changelogs(),
                        Optional.of(new Merge.Anchor(image.source(), image.version())),
                        sink)
                .with(plan.sources().damaged());
        return new Restored(plan, history, sink.reached);
    }

    /** The changes from the image on, as far as there is no hole, up to the end. */
    private static final class Wanted implements Merge.Sink {
        private static final int TELL = 1 << 16;

        private final long first;
        private final long end;
        private final Optional<ChangelogFiles> files;
        private final RestoreProgress progress;
        private long reached;

        Wanted(long first, OptionalLong end, Optional<ChangelogFiles> files, RestoreProgress progress) {
            this.first = first;
            this.end = end.orElse(Long.MAX_VALUE);
            this.files = files;
            this.progress = progress;
        }

        @Override
        public void begin() throws IOException {
            reached = first;
            if (files.isPresent()) {
                files.get().begin();
            }
        }

        @Override
        public boolean change(ChangelogReader line) throws IOException {
            long version = line.version();
            if (version % TELL == 0) {
                progress.reading(version);
            }
            if (version >= end) {
                return false;
            }
            if (version == reached) {
                reached++;
                if (files.isPresent()) {
                    files.get().add(line);
                }
            }
            return true;
        }
    }

    private static void deleteTree(Path directory) throws IOException {
        try (Stream<Path> tree = Files.walk(directory)) { // does not follow links
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (UncheckedIOException failure) {
            throw new IOException(failure);
        }
    }
}
