package io.antler.vip;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.antler.lab.Await;
import io.antler.lab.NetworkNamespace;
import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two machines on one cable: {@code va} of the node, {@code vb} of a neighbour. */
@Tag("system")
class VirtualIpSystemTest {
    private static final String VIP = "10.77.0.9";

    private final NetworkNamespace node = new NetworkNamespace("vip-a");
    private final NetworkNamespace neighbour = new NetworkNamespace("vip-b");
    private final List<Process> started = new ArrayList<>();

    @BeforeEach
    void join() {
        node.cable("va", neighbour, "vb");
        node.run("ip link set va address 02:00:00:77:00:01");
        neighbour.run("ip link set vb address 02:00:00:77:00:02");
        node.run("ip address add 10.77.0.1/24 dev va");
        neighbour.run("ip address add 10.77.0.2/24 dev vb");
    }

    @AfterEach
    void end() {
        started.forEach(process -> process.destroyForcibly().onExit().join());
        node.close();
        neighbour.close();
    }

    @Test
    void theNeighbourLearnsTheNewOwnerAndNothingButTheAddressGoesWhenItIsGivenUp() throws Exception {
        neighbour.run("ip neigh replace " + VIP + " lladdr 02:00:00:77:00:99 dev vb nud stale"); // the former owner
        Holder holder = start();

        holder.hear("answer Taken");
        assertTrue(neighboursEntry().startsWith(VIP + " lladdr 02:00:00:77:00:01 "), neighboursEntry());
        assertTrue(addresses().contains("dynamic"), addresses());

        holder.process().outputWriter().append('\n').flush();
        holder.hear("answer GivenUp");
        assertTrue(!addresses().contains(VIP) && addresses().contains("10.77.0.1"), addresses());
    }

    @Test
    void theAddressGoesByItselfWhenItsProcessIsKilled() throws Exception {
        Holder holder = start();
        holder.hear("answer Taken");
        Await.until(Duration.ofSeconds(10), "a refresh", () -> addresses().contains(VIP));

        long killed = System.nanoTime();
        holder.process().destroyForcibly().onExit().join();
        assertTrue(addresses().contains(VIP), "else this shows nothing");
        Await.until(Duration.ofSeconds(6), "the kernel removes it", () -> !addresses()
                .contains(VIP));

        long millis = Duration.ofNanos(System.nanoTime() - killed).toMillis();
        System.out.println("address gone " + millis + " ms after kill -9");
        assertTrue(millis < 3_500, "lease 2 s, rounding and kernel at most 1.25 s: " + millis + " ms");
    }

    @Test
    void aForeignOwnerIsNoticedAndWaitedFor() throws Exception {
        neighbour.run("ip address add " + VIP + "/24 dev vb");
        Holder holder = start();

        holder.hear("mac=02:00:00:77:00:02: another machine answers for it");
        assertTrue(!addresses().contains(VIP), addresses());

        neighbour.run("ip address delete " + VIP + "/24 dev vb");
        holder.hear("answer Taken");
    }

    @Test
    void anEarlierLifesAddressIsRemovedAtTheStart() throws Exception {
        node.run("ip address add " + VIP + "/32 dev va valid_lft 100 preferred_lft 100");

        Holder holder = start();

        holder.hear("leftover true");
        holder.hear("answer Taken");
    }

    @Test
    void aConfiguredAddressIsRefusedWithWhatToDoAndLeftAlone() throws Exception {
        node.run("ip address add " + VIP + "/24 dev va");

        Holder holder = start();

        holder.hear("and now: ip address delete 10.77.0.9/24 dev va");
        holder.hear("answer TakeRefused");
        assertTrue(addresses().contains(VIP), addresses());
    }

    private String neighboursEntry() {
        return neighbour.run("ip neigh show " + VIP + " dev vb");
    }

    private String addresses() {
        return node.run("ip -o -4 address show dev va");
    }

    private Holder start() throws IOException {
        Process process = node.java(VipHolderMain.class, VIP + "/24", "va").start();
        started.add(process);
        return new Holder(process, process.inputReader());
    }

    private record Holder(Process process, BufferedReader output) {
        /** Reads up to the first line with this text. */
        void hear(String text) throws IOException {
            List<String> heard = new ArrayList<>();
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                heard.add(line);
                if (line.contains(text)) {
                    return;
                }
            }
            throw new AssertionError("not heard: " + text + "\n" + String.join("\n", heard));
        }
    }
}
