package io.antler.lab;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.TestInfo;

/** A test with a lab of its own; its logs are saved under the test's name. */
abstract class InLab {
    final Lab lab = Lab.open();

    @AfterEach
    void removeLab(TestInfo test) {
        try (lab) {
            lab.saveLogs(test.getTestMethod().orElseThrow().getName());
        }
    }
}
