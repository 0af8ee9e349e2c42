package io.antler.gate;

import io.antler.lab.NetworkNamespace;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Both ends of a connection that repeats what it hears; each runs as a process in a network namespace. */
final class EchoMain {
    private EchoMain() {}

    static Process start(NetworkNamespace where, String role, String address, int port) throws IOException {
        return where.java(EchoMain.class, role, address, Integer.toString(port)).start();
    }

    public static void main(String[] arguments) throws IOException {
        var address = new InetSocketAddress(arguments[1], Integer.parseInt(arguments[2]));
        if (arguments[0].equals("listen")) {
            listen(address);
        } else {
            talk(address);
        }
    }

    private static void listen(InetSocketAddress address) throws IOException {
        try (var listener = new ServerSocket()) {
            listener.bind(address);
            System.out.println("listening");
            while (true) {
                Socket peer = listener.accept();
                Thread.startVirtualThread(() -> copy(peer, peer));
            }
        }
    }

    private static void talk(InetSocketAddress address) throws IOException {
        try (var socket = new Socket()) {
            socket.connect(address, 10_000);
            Thread.startVirtualThread(() -> copy(System.in, socket));
            copy(socket.getInputStream(), System.out);
        }
    }

    private static void copy(Socket from, Socket to) {
        try (from) {
            copy(from.getInputStream(), to);
        } catch (IOException gone) {
            System.err.println(gone);
        }
    }

    private static void copy(InputStream from, Socket to) {
        try {
            copy(from, to.getOutputStream());
        } catch (IOException gone) {
            System.err.println(gone);
        }
    }

    private static void copy(InputStream from, OutputStream to) throws IOException {
        byte[] bytes = new byte[4096];
        for (int length = from.read(bytes); length > 0; length = from.read(bytes)) {
            to.write(bytes, 0, length);
            to.flush();
        }
    }
}
