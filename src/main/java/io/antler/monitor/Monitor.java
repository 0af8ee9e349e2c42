package io.antler.monitor;

import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.PreRestart;
import akka.actor.typed.eventstream.EventStream;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import io.antler.journal.NodeId;
import io.antler.master.HostStatus;
import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * Keeps what is published of this node, for whoever looks: MBean, health, HTTP. Listens to {@link HostStatus} and
 * {@link ClusterStatus} on the {@code EventStream}.
 */
public final class Monitor {
    public static final String MBEAN = "io.antler:type=Node";

    public sealed interface Command {}

    private record HostSeen(HostStatus status) implements Command {}

    private record ClusterSeen(ClusterStatus status) implements Command {}

    private Monitor() {}

    /** One in a JVM, because the MBean is. */
    public static Behavior<Command> create(NodeId node, String durability) {
        return create(node, durability, ManagementFactory.getPlatformMBeanServer());
    }

    static Behavior<Command> create(NodeId node, String durability, MBeanServer server) {
        return Behaviors.setup(context -> {
            Board board = Board.of(context.getSystem());
            ObjectName name = register(server, new NodeBean(board, node, durability));
            subscribe(context);
            return Behaviors.receive(Command.class)
                    .onAnyMessage(command -> show(board, command))
                    .onSignal(PostStop.class, _ -> unregister(server, name))
                    .onSignal(PreRestart.class, _ -> unregister(server, name))
                    .build();
        });
    }

    private static void subscribe(ActorContext<Command> context) {
        var events = context.getSystem().eventStream();
        events.tell(
                new EventStream.Subscribe<>(HostStatus.class, context.messageAdapter(HostStatus.class, HostSeen::new)));
        events.tell(new EventStream.Subscribe<>(
                ClusterStatus.class, context.messageAdapter(ClusterStatus.class, ClusterSeen::new)));
    }

    private static Behavior<Command> show(Board board, Command command) {
        switch (command) {
            case HostSeen seen -> board.show(seen.status());
            case ClusterSeen seen -> board.show(seen.status());
        }
        return Behaviors.same();
    }

    private static ObjectName register(MBeanServer server, NodeBean bean) {
        try {
            return server.registerMBean(new DescribedMBean(bean, NodeMXBean.class), new ObjectName(MBEAN))
                    .getObjectName();
        } catch (JMException e) {
            throw new IllegalStateException(
                    "MBean " + MBEAN + " not registered: is there another node in this JVM?", e);
        }
    }

    private static Behavior<Command> unregister(MBeanServer server, ObjectName name) {
        try {
            server.unregisterMBean(name);
        } catch (JMException e) {
            throw new IllegalStateException("MBean " + name + " not removed", e);
        }
        return Behaviors.same();
    }
}
