package io.antler.journal;

import java.io.Serializable;
import java.util.List;

/** What a test asks of a {@link Peer}. */
sealed interface Request extends Serializable {
    /** @param writer 0 for events that are not fenced */
    record Append(String persistenceId, long writer, long first, List<String> texts) implements Request {}

    record TakeOver(String persistenceId, long epoch) implements Request {}

    record Renew(String persistenceId, long epoch) implements Request {}

    record Release(String persistenceId, long epoch) implements Request {}

    /** @param barrier whether to wait first until everything that is committed is applied */
    record Read(String persistenceId, long first, boolean barrier) implements Request {}

    record DeleteTo(String persistenceId, long last) implements Request {}

    record TakeSideLease(String name, String owner, long seen) implements Request {}

    record RenewSideLease(String name, String owner) implements Request {}

    record ReleaseSideLease(String name, String owner, long last) implements Request {}

    record LookAtSideLease(String name) implements Request {}
}
