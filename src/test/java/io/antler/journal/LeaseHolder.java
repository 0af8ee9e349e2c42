package io.antler.journal;

/** How a master keeps its lease during a test. */
interface LeaseHolder {
    /**
     * Renews from now on, and writes down what is held.
     *
     * @param refused called when a newer epoch took over
     * @return stops renewing
     */
    Runnable hold(Client client, Peer peer, String persistenceId, long epoch, Runnable refused);
}
