package io.antler.journal;

/** One promise of the journal that an observation breaks. */
record Breach(Rule rule, String message) {
    enum Rule {
        /** One sequence number has one event, on all nodes and for ever. */
        SAME_EVENT_EVERYWHERE,
        /** An event stands only where it was appended, and only if it was. */
        ONLY_WHAT_WAS_APPENDED,
        /** What was refused is not stored. */
        REFUSED_IS_NOT_STORED,
        /** All events of one append are stored or none. */
        ALL_OR_NONE,
        /** A confirmed append is in every later read. */
        CONFIRMED_STAYS,
        /** A later read sees at least what an earlier one saw. */
        READS_NEVER_GO_BACK,
        /** Every number up to the highest one has its event, unless it was deleted. */
        NO_HOLE,
        /** What was deleted is not read any more. */
        DELETED_STAYS_DELETED,
        /** After the fence of an epoch no older one stores an event. */
        DEAD_EPOCH_IS_SILENT,
        /** A new epoch opens only when no older one's lease can still run. */
        ONE_HOLDER,
        /** A side lease has one owner at a time. */
        ONE_SIDE_OWNER
    }
}
