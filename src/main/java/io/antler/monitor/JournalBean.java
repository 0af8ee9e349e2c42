package io.antler.monitor;

import io.antler.journal.JournalAlarm;
import io.antler.journal.JournalStatus;
import io.antler.journal.NodeId;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.function.Supplier;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/** Asks the journal whenever a client looks. Called on threads of the JMX connector. */
public final class JournalBean implements JournalMXBean {
    public static final String MBEAN = "io.antler:type=Journal";

    private final Supplier<JournalStatus> status;

    private JournalBean(Supplier<JournalStatus> status) {
        this.status = status;
    }

    /** Takes the MBean away. */
    public interface Registration extends AutoCloseable {
        @Override
        void close();
    }

    /** One in a JVM. */
    public static Registration register(Supplier<JournalStatus> status) {
        return register(status, ManagementFactory.getPlatformMBeanServer());
    }

    static Registration register(Supplier<JournalStatus> status, MBeanServer server) {
        try {
            ObjectName name = server.registerMBean(
                            new DescribedMBean(new JournalBean(status), JournalMXBean.class), new ObjectName(MBEAN))
                    .getObjectName();
            return () -> unregister(server, name);
        } catch (JMException e) {
            throw new IllegalStateException(
                    "MBean " + MBEAN + " not registered: is there another node in this JVM?", e);
        }
    }

    private static void unregister(MBeanServer server, ObjectName name) {
        try {
            server.unregisterMBean(name);
        } catch (JMException e) {
            throw new IllegalStateException("MBean " + name + " not removed", e);
        }
    }

    @Override
    public @Nullable String getLeader() {
        return status.get().leader().map(NodeId::value).orElse(null);
    }

    @Override
    public boolean isLeading() {
        return status.get().leads();
    }

    @Override
    public long getCommitIndex() {
        return status.get().committed();
    }

    @Override
    public long getAppliedIndex() {
        return status.get().applied();
    }

    @Override
    public long getApplyLag() {
        return status.get().applyLag();
    }

    @Override
    public double getAppendMillis() {
        return status.get().appendMs();
    }

    @Override
    public double getFsyncMillis() {
        return status.get().syncMs();
    }

    @Override
    public long getDiskFreeBytes() {
        return status.get().freeBytes();
    }

    @Override
    public long getDiskUsedBytes() {
        return status.get().usedBytes();
    }

    @Override
    public long getLeaderChanges() {
        return status.get().leaderChanges();
    }

    @Override
    public long getRefusedEpochs() {
        return status.get().refusedEpochs();
    }

    @Override
    public List<String> getAlarms() {
        return status.get().alarms().stream().map(JournalAlarm::line).toList();
    }
}
