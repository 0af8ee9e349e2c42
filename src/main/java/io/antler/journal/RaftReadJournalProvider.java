package io.antler.journal;

import akka.NotUsed;
import akka.actor.ExtendedActorSystem;
import akka.persistence.query.EventEnvelope;
import akka.persistence.query.ReadJournalProvider;
import akka.persistence.query.scaladsl.CurrentEventsByPersistenceIdQuery;
import akka.persistence.query.scaladsl.CurrentPersistenceIdsQuery;
import akka.persistence.query.scaladsl.EventsByPersistenceIdQuery;
import akka.persistence.query.scaladsl.PersistenceIdsQuery;
import akka.stream.scaladsl.Source;

/** Made by Akka from the configuration {@code antler.journal.query}. */
public final class RaftReadJournalProvider implements ReadJournalProvider {
    private final RaftReadJournal javadsl;

    public RaftReadJournalProvider(ExtendedActorSystem system) {
        javadsl = new RaftReadJournal(system);
    }

    @Override
    public RaftReadJournal javadslReadJournal() {
        return javadsl;
    }

    @Override
    public Scaladsl scaladslReadJournal() {
        return new Scaladsl(javadsl);
    }

    /** The same for Scala. */
    public static final class Scaladsl
            implements EventsByPersistenceIdQuery,
                    CurrentEventsByPersistenceIdQuery,
                    PersistenceIdsQuery,
                    CurrentPersistenceIdsQuery {
        private final RaftReadJournal javadsl;

        private Scaladsl(RaftReadJournal javadsl) {
            this.javadsl = javadsl;
        }

        @Override
        public Source<EventEnvelope, NotUsed> eventsByPersistenceId(String persistenceId, long from, long to) {
            return javadsl.eventsByPersistenceId(persistenceId, from, to).asScala();
        }

        @Override
        public Source<EventEnvelope, NotUsed> currentEventsByPersistenceId(String persistenceId, long from, long to) {
            return javadsl.currentEventsByPersistenceId(persistenceId, from, to).asScala();
        }

        @Override
        public Source<String, NotUsed> persistenceIds() {
            return javadsl.persistenceIds().asScala();
        }

        @Override
        public Source<String, NotUsed> currentPersistenceIds() {
            return javadsl.currentPersistenceIds().asScala();
        }
    }
}
