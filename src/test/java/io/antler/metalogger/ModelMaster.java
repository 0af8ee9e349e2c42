package io.antler.metalogger;

import akka.util.ByteString;
import akka.util.ByteStringBuilder;
import io.antler.moosefs.Change;
import io.antler.moosefs.MetadataId;
import io.antler.moosefs.Packet;
import io.antler.moosefs.PacketReader;
import io.antler.moosefs.TestImage;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * A master that makes changes, saves images, crashes and is started again when the test says so, and answers by itself as a 3.0
 * does. Its changes are no real operations.
 */
public final class ModelMaster implements Closeable {
    private static final int AT_ONCE = 1000;

    private final ServerSocket changes = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final ServerSocket clients = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private volatile MetadataId id;
    private volatile UnaryOperator<ByteString> wire = bytes -> bytes;

    // guarded by this
    private final List<String> memory = new ArrayList<>();
    private long memoryFrom;
    private long next;
    private List<String> previousFile = new ArrayList<>();
    private List<String> currentFile = new ArrayList<>();
    private byte @Nullable [] image;
    private long imageVersion; // of the last image it made by itself
    private long saved;
    private boolean keepsFiles = true;

    /** Its image is at that version, and its next change has it. */
    public ModelMaster(MetadataId id, long version) throws IOException {
        this.id = id;
        this.next = version;
        this.memoryFrom = version;
        this.image = TestImage.of(version, id, 1000);
        this.imageVersion = version;
        Thread.ofVirtual().start(() -> acceptAll(changes, this::serveFollower));
        Thread.ofVirtual().start(() -> acceptAll(clients, this::serveClient));
    }

    private interface Service {
        void serve(Socket socket) throws IOException, InterruptedException;
    }

    private void acceptAll(ServerSocket server, Service service) {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                open.add(socket);
                Thread.ofPlatform().daemon().start(() -> {
                    try (socket) {
                        service.serve(socket);
                    } catch (IOException | InterruptedException e) {
                        open.remove(socket); // the other side has gone, or the test has ended it
                    }
                });
            } catch (IOException e) {
                return; // closed by the test
            }
        }
    }

    public InetSocketAddress changesPort() {
        return new InetSocketAddress(changes.getInetAddress(), changes.getLocalPort());
    }

    public InetSocketAddress clientPort() {
        return new InetSocketAddress(clients.getInetAddress(), clients.getLocalPort());
    }

    /** What every byte to followers goes through. */
    public void through(UnaryOperator<ByteString> newWire) {
        wire = newWire;
    }

    public void become(MetadataId other) {
        id = other;
    }

    /** For long runs: changes stay in memory only. */
    public synchronized void withoutFiles() {
        keepsFiles = false;
    }

    public synchronized void forgetMemoryBefore(long version) {
        memory.subList(0, (int) (version - memoryFrom)).clear();
        memoryFrom = version;
    }

    /** So many changes, whose texts begin with that word. */
    public synchronized void change(String word, int count) {
        for (int i = 0; i < count; i++) {
            String text = "1795374474|" + word + "(" + next + ",f %2Cx,1,438,18,0,0,0):" + next;
            memory.add(text);
            if (keepsFiles) {
                currentFile.add(next + ": " + text);
            }
            next++;
        }
        notifyAll();
    }

    public synchronized long next() {
        return next;
    }

    public synchronized Change changeOf(long version) {
        return new Change(version, memory.get((int) (version - memoryFrom)));
    }

    /** As at the full hour: begins a new changelog file and saves an image. */
    public synchronized void save() {
        previousFile = currentFile;
        currentFile = new ArrayList<>();
        saveImage(next);
        saved++;
    }

    private synchronized void saveImage(long version) {
        image = TestImage.of(version, id, 1000);
        imageVersion = version;
    }

    public synchronized void saveTo(byte[] bytes) {
        image = bytes;
        saved++;
    }

    public synchronized void noImage() {
        image = null;
    }

    /** The process ends and a new one starts with the changes before that version; what came after them is forgotten. */
    public void restart(long version) throws IOException {
        synchronized (this) {
            previousFile.removeIf(line -> Change.parse(line).version() >= version);
            currentFile.removeIf(line -> Change.parse(line).version() >= version);
            if (imageVersion > version) {
                saveImage(version);
            }
            next = version;
            memory.clear();
            memoryFrom = version;
            saved = 0;
        }
        hangUp();
    }

    /** Started from an image of that version, with nothing else. */
    public void restartFromImage(long version) throws IOException {
        synchronized (this) {
            currentFile = new ArrayList<>();
            previousFile = new ArrayList<>();
            saveImage(version);
        }
        restart(version);
    }

    public void hangUp() throws IOException {
        for (Socket socket : open) {
            socket.close();
        }
        open.clear();
    }

    private void serveClient(Socket socket) throws IOException {
        var packets = new PacketReader(socket.getInputStream());
        while (true) {
            ByteString answer = answer(packets.read().type());
            socket.getOutputStream().write(answer.toArrayUnsafe());
        }
    }

    private synchronized ByteString answer(int type) {
        return switch (type) {
            case Packet.INFO ->
                new Packet(
                                Packet.INFO_ANSWER,
                                builder()
                                        .putInt(0x000300EA, ByteOrder.BIG_ENDIAN)
                                        .putBytes(new byte[96])
                                        .putInt((int) saved, ByteOrder.BIG_ENDIAN)
                                        .putBytes(new byte[17])
                                        .putLong(next, ByteOrder.BIG_ENDIAN)
                                        .putBytes(new byte[20])
                                        .result())
                        .encode();
            case Packet.MODULE_INFO ->
                new Packet(
                                Packet.MODULE_INFO_ANSWER,
                                builder()
                                        .putByte((byte) 1)
                                        .putInt(0x000300EA, ByteOrder.BIG_ENDIAN)
                                        .putBytes(new byte[2])
                                        .putLong(id.value(), ByteOrder.BIG_ENDIAN)
                                        .putBytes(new byte[6])
                                        .result())
                        .encode();
            default -> ByteString.emptyByteString();
        };
    }

    private static ByteStringBuilder builder() {
        return ByteString.createBuilder();
    }

    /** A request for the version, to be answered behind the changes before that one. */
    private record Barrier(Packet request, long behind) {}

    /** One connection of a follower: reads here, writes what is there on a thread of its own. */
    private void serveFollower(Socket socket) throws IOException, InterruptedException {
        var follower = new Connection(socket);
        Thread writer = Thread.ofPlatform().daemon().start(follower::pushAll);
        try {
            follower.readAll();
        } finally {
            socket.close();
            writer.interrupt();
        }
    }

    private final class Connection {
        private final Socket socket;
        private final Deque<Barrier> barriers = new ArrayDeque<>(); // guarded by the master
        private long position = -1; // guarded by the master
        private byte[] file = new byte[0];
        private byte @Nullable [] current;
        private byte @Nullable [] previous;

        Connection(Socket socket) {
            this.socket = socket;
        }

        void readAll() throws IOException {
            var packets = new PacketReader(socket.getInputStream());
            while (true) {
                Packet packet = packets.read();
                switch (packet.type()) {
                    case Packet.REGISTER ->
                        register(packet.payload().asByteBuffer().getLong(7));
                    case Packet.GET_VERSION -> barrier(packet);
                    case Packet.DOWNLOAD_START -> start(packet.payload().apply(0));
                    case Packet.DOWNLOAD_REQUEST -> block(packet);
                    default -> {}
                }
            }
        }

        private void register(long start) {
            synchronized (ModelMaster.this) {
                position = start < memoryFrom || start > next ? next : start;
                ModelMaster.this.notifyAll();
            }
        }

        private void barrier(Packet packet) {
            synchronized (ModelMaster.this) {
                barriers.add(new Barrier(packet, next));
                ModelMaster.this.notifyAll();
            }
        }

        private void start(int number) throws IOException {
            synchronized (ModelMaster.this) {
                if (number == 1) {
                    current = bytes(currentFile);
                    previous = bytes(previousFile);
                    file = image == null ? new byte[0] : image;
                    if (image == null) {
                        write(new Packet(Packet.DOWNLOAD_INFO, ByteString.fromArray(new byte[] {(byte) 0xFF})));
                        return;
                    }
                } else {
                    byte[] wanted = number == 11 ? current : previous;
                    file = wanted == null ? new byte[0] : wanted;
                }
            }
            write(new Packet(
                    Packet.DOWNLOAD_INFO,
                    builder().putLong(file.length, ByteOrder.BIG_ENDIAN).result()));
        }

        private static byte[] bytes(List<String> lines) {
            var bytes = new ByteArrayOutputStream();
            lines.forEach(line -> bytes.writeBytes((line + "\n").getBytes(StandardCharsets.ISO_8859_1)));
            return bytes.toByteArray();
        }

        private void block(Packet request) throws IOException {
            var numbers = request.payload().asByteBuffer();
            long offset = numbers.getLong();
            int length = numbers.getInt();
            ByteString block = ByteString.fromArray(file, (int) offset, length);
            var crc = new CRC32();
            crc.update(block.toArray());
            write(new Packet(
                    Packet.DOWNLOAD_DATA,
                    builder()
                            .putLong(offset, ByteOrder.BIG_ENDIAN)
                            .putInt(length, ByteOrder.BIG_ENDIAN)
                            .putInt((int) crc.getValue(), ByteOrder.BIG_ENDIAN)
                            .append(block)
                            .result()));
        }

        private void write(Packet packet) throws IOException {
            write(packet.encode());
        }

        private synchronized void write(ByteString bytes) throws IOException {
            socket.getOutputStream().write(wire.apply(bytes).toArrayUnsafe());
        }

        void pushAll() {
            try {
                while (true) {
                    write(whatIsNew());
                }
            } catch (IOException | InterruptedException e) {
                closeQuietly(); // the follower has gone, or the test has ended it
            }
        }

        private void closeQuietly() {
            try {
                socket.close();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        private ByteString whatIsNew() throws InterruptedException {
            synchronized (ModelMaster.this) {
                while (barriers.isEmpty() && (position < 0 || position >= next)) {
                    ModelMaster.this.wait(1000);
                    if (barriers.isEmpty() && (position < 0 || position >= next)) {
                        return Packet.nop().encode();
                    }
                }
                ByteStringBuilder bytes = builder();
                for (int i = 0; i < AT_ONCE && position >= memoryFrom && position < next; i++) {
                    bytes.append(FakeMaster.logData(changeOf(position++)).encode());
                }
                while (!barriers.isEmpty()
                        && (position < 0 || barriers.getFirst().behind() <= position)) {
                    ByteString msgId = barriers.removeFirst().request().payload();
                    bytes.append(new Packet(
                                    Packet.VERSION,
                                    msgId.concat(ByteString.fromArray(new byte[] {0, 3, 0, (byte) 0xEA, '3'})))
                            .encode());
                }
                return bytes.result();
            }
        }
    }

    @Override
    public void close() throws IOException {
        changes.close();
        clients.close();
        hangUp();
    }
}
