package io.antler.collector;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Files that say the same of one change. */
final class Side {
    private static final int SHOWN = 200;

    private final List<Head> heads = new ArrayList<>();

    void add(Head head) {
        heads.add(head);
    }

    Head head() {
        return heads.getFirst();
    }

    boolean says(Head other) {
        return head().line().hasSameTextAs(other.line());
    }

    boolean trusted() {
        return heads.stream().anyMatch(head -> head.standing().trusted());
    }

    boolean trustedIn(String source) {
        return heads.stream()
                .map(Head::standing)
                .anyMatch(standing ->
                        standing.trusted() && standing.lane().source().equals(source));
    }

    /** Not overruled for good. */
    boolean heard() {
        return heads.stream()
                .anyMatch(head -> head.standing().trusted() || head.standing().inDispute());
    }

    /** Files that contradicted each other say the same now. */
    boolean reconciles() {
        return heads.stream()
                        .map(Head::standing)
                        .filter(Standing::inDispute)
                        .mapToInt(Standing::camp)
                        .distinct()
                        .count()
                > 1;
    }

    void each(Consumer<Standing> change) {
        heads.forEach(head -> change.accept(head.standing()));
    }

    Finding.Side finding() {
        String text = head().line().change().text();
        return new Finding.Side(
                text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...",
                heads.stream().map(Head::name).toList());
    }
}
