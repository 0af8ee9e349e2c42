package io.antler.simulation;

import io.antler.master.PromotionRule;
import io.antler.master.PromotionRule.Progress;
import io.antler.master.PromotionRule.Step;

/** The rule of a promotion, so that a test can put a wrong one in its place. */
interface PromotionOrder {
    PromotionOrder REAL = (progress, _) -> PromotionRule.next(progress);

    /** @param boundAtMandate when the older lease ends, judged by what was known when the mandate arrived */
    Step next(Progress progress, long boundAtMandate);
}
