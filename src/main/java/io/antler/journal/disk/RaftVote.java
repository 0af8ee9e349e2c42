package io.antler.journal.disk;

import com.alipay.sofa.jraft.core.NodeImpl;
import com.alipay.sofa.jraft.entity.EnumOutter.ErrorType;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.error.RaftError;
import com.alipay.sofa.jraft.error.RaftException;
import com.alipay.sofa.jraft.option.RaftMetaStorageOptions;
import com.alipay.sofa.jraft.storage.RaftMetaStorage;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Term and vote for JRaft, which calls under its own lock. */
final class RaftVote implements RaftMetaStorage {
    private static final Logger LOG = LoggerFactory.getLogger(RaftVote.class);

    private final VoteFile file;
    private long term;
    private PeerId voted = PeerId.emptyPeer();
    private @Nullable NodeImpl node;

    RaftVote(VoteFile file) {
        this.file = file;
    }

    @Override
    public boolean init(RaftMetaStorageOptions options) {
        node = options.getNode();
        term = file.vote().term();
        return file.vote().voted().isEmpty() || voted.parse(file.vote().voted());
    }

    @Override
    public long getTerm() {
        return term;
    }

    @Override
    public PeerId getVotedFor() {
        return voted;
    }

    @Override
    public boolean setTerm(long newTerm) {
        return setTermAndVotedFor(newTerm, voted);
    }

    @Override
    public boolean setVotedFor(PeerId peer) {
        return setTermAndVotedFor(term, peer);
    }

    @Override
    public boolean setTermAndVotedFor(long newTerm, PeerId peer) {
        term = newTerm;
        voted = peer;
        try {
            file.store(newTerm, peer.isEmpty() ? "" : peer.toString());
            return true;
        } catch (IOException e) {
            LOG.error("term={} vote of this node not stored: {}; check the disk of this node", newTerm, e.toString());
            if (node != null) {
                node.onError(new RaftException(
                        ErrorType.ERROR_TYPE_META, RaftError.EIO, "vote not stored: %s", e.getMessage()));
            }
            // not false: JRaft does not look at it, and would tell the candidate that it has this vote
            throw new UncheckedIOException("vote not stored", e);
        }
    }

    @Override
    public void shutdown() {
        try {
            file.close();
        } catch (IOException e) {
            LOG.warn("file of term and vote not closed: {}", e.toString());
        }
    }
}
