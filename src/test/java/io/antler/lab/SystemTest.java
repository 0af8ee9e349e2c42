package io.antler.lab;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A test with real programs in the lab. Without root it is left out, which one line of the whole run says. With root it
 * always runs, so a missing program is a failure.
 */
@Tag("system")
@ExtendWith(SystemTest.OnlyAsRoot.class)
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface SystemTest {
    /** Said once in a run, however many tests are left out. */
    final class OnlyAsRoot implements ExecutionCondition {
        private static final AtomicBoolean SAID = new AtomicBoolean();

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            if (Requirements.root()) {
                return ConditionEvaluationResult.enabled("root");
            }
            if (!SAID.getAndSet(true)) {
                System.out.println("not root: system tests are left out, run deploy/test.sh as root");
            }
            return ConditionEvaluationResult.disabled("not root");
        }
    }
}
