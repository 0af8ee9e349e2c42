package io.antler.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.antler.moosefs.ImageContents;
import io.antler.moosefs.ImageContents.SectionContents;
import io.antler.moosefs.ImageReader;
import io.antler.moosefs.SumFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code antler image}. */
@Command(
        name = "image",
        description = "Looks into metadata images, without loading them.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class ImageCommands {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Command(
            description = "Says of an image which version and file system it is, who wrote it, and what is in it.",
            mixinStandardHelpOptions = true)
    int info(
            @Parameters(paramLabel = "FILE", description = "a metadata.mfs of any name, compressed or not") Path file,
            @Option(names = "--json", description = "one JSON object") boolean json) {
        ImageContents contents = read(file);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(json(contents));
            return CommandLine.ExitCode.OK;
        }
        out.println("image        " + file);
        out.println("version      " + contents.header().version());
        out.println("metadata id  " + contents.header().id());
        out.println("written by   " + contents.generation());
        if (contents.inodes() >= 0) {
            out.println("inodes       " + contents.inodes() + nodes(contents.nodes()));
        }
        if (!contents.sections().isEmpty()) {
            out.printf("%n%-8s %-8s %14s %12s%n", "SECTION", "VERSION", "BYTES", "RECORDS");
        }
        for (SectionContents section : contents.sections()) {
            out.printf(
                    Locale.ROOT,
                    "%-8s %-8s %14d %12s%n",
                    section.section().name(),
                    section.section().shownVersion(),
                    section.section().length(),
                    section.records() < 0 ? "-" : section.records());
        }
        return CommandLine.ExitCode.OK;
    }

    private static String nodes(Map<String, Long> nodes) {
        return nodes.isEmpty()
                ? ""
                : nodes.entrySet().stream()
                        .sorted(Map.Entry.<String, Long>comparingByValue()
                                .reversed()
                                .thenComparing(Map.Entry.comparingByKey()))
                        .map(entry -> entry.getValue() + " " + entry.getKey())
                        .collect(Collectors.joining(", ", ": ", ""));
    }

    private static String json(ImageContents contents) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("version", contents.header().version())
                .put("metadataId", contents.header().id().toString())
                .put("writtenBy", contents.generation())
                .put("inodes", known(contents.inodes()));
        ObjectNode nodes = json.putObject("nodes");
        new TreeMap<>(contents.nodes()).forEach(nodes::put);
        ArrayNode sections = json.putArray("sections");
        for (SectionContents section : contents.sections()) {
            sections.addObject()
                    .put("name", section.section().name())
                    .put("version", section.section().shownVersion())
                    .put("offset", section.section().offset())
                    .put("bytes", section.section().length())
                    .put("records", known(section.records()));
        }
        return json.toString();
    }

    private static @Nullable Long known(long number) {
        return number < 0 ? null : number;
    }

    @Command(
            description = {
                "Says whether an image is whole: every record of every section, the end marker,",
                "and the sums in metadata.crc if that stands beside it."
            },
            mixinStandardHelpOptions = true)
    int verify(
            @Parameters(paramLabel = "FILE", description = "a metadata.mfs of any name, compressed or not") Path file) {
        ImageContents contents = read(file);
        String sums = sums(contents, file);
        PrintWriter out = spec.commandLine().getOut();
        out.println(file + (contents.unknown().isEmpty() ? " is whole" : " is whole as far as it is known")
                + ": version " + contents.header().version() + ", metadata id "
                + contents.header().id());
        contents.unknown()
                .forEach(section -> out.println("its section " + section.name() + " has the version "
                        + section.shownVersion() + ", which is not known, and was not looked into"));
        out.println(sums);
        return contents.unknown().isEmpty() ? CommandLine.ExitCode.OK : Antler.INCOMPLETE;
    }

    private static String sums(ImageContents contents, Path file) {
        try {
            Optional<SumFile> sums = SumFile.beside(file.toAbsolutePath());
            if (sums.isEmpty() || contents.header().isNew()) {
                return "there is no metadata.crc beside it, so there are no sums to compare with";
            }
            return switch (sums.get().compare(contents, file.toString())) {
                case EQUAL -> "metadata.crc has the same sums";
                case OF_ANOTHER -> "metadata.crc is of another image, so there are no sums to compare with";
            };
        } catch (IOException failure) {
            throw ChangelogCommands.failed(failure);
        }
    }

    private ImageContents read(Path file) {
        try (ImageReader image = ImageReader.open(file);
                var progress = new ProgressLine(spec.commandLine().getErr())) {
            long size = Files.size(file);
            return ImageContents.read(image, read -> progress.read(read, size));
        } catch (IOException failure) {
            throw ChangelogCommands.failed(failure);
        }
    }
}
