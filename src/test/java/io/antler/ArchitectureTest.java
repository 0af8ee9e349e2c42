package io.antler;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import java.util.List;

/** The order of the packages: an arrow may point only downwards. */
@AnalyzeClasses(packages = "io.antler", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final List<String> FROM_TOP = List.of(
            "cli",
            "node",
            "monitor",
            "leadership",
            "configuration",
            "master",
            "vip",
            "gate",
            "restore",
            "collector",
            "metalogger",
            "journal",
            "changelog",
            "moosefs",
            "kernel",
            "invariant");

    @ArchTest
    static final ArchRule ARROWS_POINT_DOWNWARDS = layers();

    @ArchTest
    static final ArchRule NO_CYCLES =
            slices().matching("io.antler.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule RULES_ARE_PURE = noClasses()
            .that()
            .haveSimpleNameEndingWith("Rule")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("akka..", "java.io..", "java.nio..", "java.net..");

    @ArchTest
    static final ArchRule MOOSEFS_HAS_NO_ACTORS = noClasses()
            .that()
            .resideInAPackage("io.antler.moosefs")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("akka.actor..");

    private static LayeredArchitecture layers() {
        LayeredArchitecture layers = Architectures.layeredArchitecture().consideringOnlyDependenciesInLayers();
        for (String name : FROM_TOP) {
            layers = layers.layer(name).definedBy("io.antler." + name + "..");
        }
        for (int below = 0; below < FROM_TOP.size(); below++) {
            String[] above = FROM_TOP.subList(0, below).toArray(String[]::new);
            layers = above.length == 0
                    ? layers.whereLayer(FROM_TOP.get(below)).mayNotBeAccessedByAnyLayer()
                    : layers.whereLayer(FROM_TOP.get(below)).mayOnlyBeAccessedByLayers(above);
        }
        return layers;
    }
}
