package io.antler.node;

import io.antler.journal.Member;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a node is for: {@code antler.node.kind}. */
public enum NodeKind {
    /** Votes, stores the journal, runs {@code mfsmaster}. */
    MEMBER,
    /** Votes and stores the journal, and never becomes master. */
    WITNESS,
    /** Stores the journal, without a vote. */
    METALOGGER;

    static final String WORDS = "member, witness or metalogger";

    static Optional<NodeKind> of(String word) {
        return Arrays.stream(values()).filter(kind -> kind.word().equals(word)).findAny();
    }

    public boolean canBeMaster() {
        return this == MEMBER;
    }

    Member.Kind vote() {
        return this == METALOGGER ? Member.Kind.LEARNER : Member.Kind.VOTER;
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
