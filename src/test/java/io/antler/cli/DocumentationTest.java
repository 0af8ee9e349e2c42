package io.antler.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import io.antler.changelog.ChangelogPage;
import io.antler.invariant.Invariant;
import io.antler.monitor.Description;
import io.antler.monitor.JournalMXBean;
import io.antler.monitor.NodeMXBean;
import io.antler.node.ConfigLoader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Documents say what the program does. */
class DocumentationTest {
    private static final Path DOCS = Path.of("docs");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]+)(#[^)]*)?\\)");

    @Test
    void everyKeyIsInTheReference() throws IOException {
        Path page = DOCS.resolve("reference/configuration.md");
        if (Boolean.getBoolean("antler.docs.write")) {
            Files.writeString(page, ConfigurationPage.render());
        }

        assertEquals(
                ConfigurationPage.render(),
                Files.readString(page),
                "renew it: mvn test -Dtest=DocumentationTest -Dantler.docs.write=true");
    }

    @Test
    void everyOperationIsInTheReference() throws IOException {
        Path page = DOCS.resolve("reference/changelog.md");
        if (Boolean.getBoolean("antler.docs.write")) {
            Files.writeString(page, ChangelogPage.render());
        }

        assertEquals(
                ChangelogPage.render(),
                Files.readString(page),
                "renew it: mvn test -Dtest=DocumentationTest -Dantler.docs.write=true");
    }

    @Test
    void theExampleIsAConfigurationThatCanBeUsed() {
        Config config = ConfigLoader.load(Path.of("conf/antler.conf")).config();

        assertEquals("n1", config.getString("antler.node.id"));
    }

    @Test
    void everyAttributeOfTheMBeanIsDescribed() throws IOException {
        String page = Files.readString(DOCS.resolve("reference/monitoring.md"));

        List<Method> getters = Stream.of(NodeMXBean.class, JournalMXBean.class)
                .flatMap(bean -> Stream.of(bean.getMethods()))
                .toList();
        for (Method getter : getters) {
            String name = getter.getName().replaceFirst("get|is", "");
            Description description = getter.getAnnotation(Description.class);
            String text = description == null ? "(no description)" : description.value();
            assertTrue(page.contains("| `" + name + "` | " + text + " |"), name + ": " + text);
        }
    }

    @Test
    void everyInvariantHasASection() throws IOException {
        String page = Files.readString(DOCS.resolve("explanation/invariants.md"));

        for (Invariant invariant : Invariant.values()) {
            assertTrue(page.contains("\n## " + invariant + "\n"), invariant.toString());
        }
    }

    @Test
    void everyCommandAndOptionIsInTheReference() throws IOException {
        String page = Files.readString(DOCS.resolve("reference/commands.md"));
        var nowhere = new PrintWriter(new StringWriter());

        for (CommandLine command : Antler.commandLine(nowhere, nowhere, (_, _) -> 0)
                .getSubcommands()
                .values()) {
            assertDescribed(page, command);
            command.getSubcommands().values().forEach(below -> assertDescribed(page, below));
        }
    }

    private static void assertDescribed(String page, CommandLine command) {
        String name = command.getCommandSpec().qualifiedName();
        assertTrue(page.contains("\n## `" + name), name);
        command.getCommandSpec().options().stream()
                .filter(option -> !option.usageHelp() && !option.versionHelp())
                .forEach(option -> assertTrue(page.contains(option.longestName()), option.longestName()));
    }

    @Test
    void everyLinkLeadsSomewhere() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path page : pages()) {
            Matcher links = LINK.matcher(Files.readString(page));
            while (links.find()) {
                String target = links.group(1);
                if (!target.startsWith("http") && !Files.exists(page.resolveSibling(target))) {
                    broken.add(page + " -> " + target);
                }
            }
        }
        assertEquals(List.of(), broken);
    }

    @Test
    void everyPageIsReachedFromTheIndex() throws IOException {
        String index = Files.readString(DOCS.resolve("README.md"));

        for (Path page : pages()) {
            String name = DOCS.relativize(page).toString();
            assertTrue(name.equals("README.md") || index.contains("(" + name + ")"), name);
        }
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> files = Files.walk(DOCS)) {
            return files.filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        }
    }
}
