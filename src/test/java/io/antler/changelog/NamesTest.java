package io.antler.changelog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class NamesTest {
    private static byte[] bytes(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    private static String shown(Names names, int inode) {
        var out = new Text();
        names.show(inode, out);
        return out.toString();
    }

    /** Files in directories 1 to 5, against maps that say the same slowly. */
    @Test
    void afterAnythingEachInodeHasTheNameThatItShouldHave() {
        for (long seed = 0; seed < 20; seed++) {
            var random = new Random(seed);
            var names = new Names(100 << 20);
            var entries = new TreeMap<String, Integer>(); // live
            Map<Integer, String> last = new HashMap<>(); // of those that have no other
            for (int step = 0; step < 3000; step++) {
                int directory = 1;
                String name = "n" + random.nextInt(200) + "x".repeat(random.nextInt(3));
                byte[] encoded = bytes(name);
                int inode = 100 + random.nextInt(150);
                Integer there = entries.get(name);
                if (random.nextInt(3) > 0) {
                    names.link(directory, encoded, 0, encoded.length, inode);
                    if (there == null || there != inode) {
                        if (there != null) {
                            entries.remove(name);
                            note(entries, last, there, name);
                        }
                        entries.put(name, inode);
                        last.remove(inode);
                    }
                } else if (there != null) {
                    names.unlink(directory, encoded, 0, encoded.length, there);
                    entries.remove(name);
                    note(entries, last, there, name);
                }
                check(names, entries, last, inode);
            }
            for (int inode = 100; inode < 250; inode++) {
                check(names, entries, last, inode);
            }
            assertEquals(entries.size() + last.size(), names.size());
        }
    }

    private static void note(Map<String, Integer> entries, Map<Integer, String> last, int inode, String name) {
        if (!entries.containsValue(inode)) {
            last.put(inode, name);
        }
    }

    private static void check(Names names, Map<String, Integer> entries, Map<Integer, String> last, int inode) {
        String shown = shown(names, inode);
        List<String> live = entries.entrySet().stream()
                .filter(entry -> entry.getValue() == inode)
                .map(entry -> "/" + entry.getKey())
                .toList();
        if (!live.isEmpty()) {
            assertTrue(live.contains(shown), shown + " of " + live);
        } else {
            assertEquals(last.containsKey(inode) ? "/" + last.get(inode) + " (removed)" : "inode " + inode, shown);
        }
    }

    @Test
    void renamingForEverNeedsNoMoreMemory() {
        var names = new Names(8 << 20);
        names.link(1, bytes("start"), 0, 5, 2);
        byte[] before = bytes("start");

        for (int i = 0; i < 300_000; i++) {
            byte[] name = bytes("a name that is rather long, to need memory, number " + i);
            names.unlink(1, before, 0, before.length, 2);
            names.link(1, name, 0, name.length, 2);
            before = name;
        }

        assertEquals("\"/" + new String(before, StandardCharsets.UTF_8) + "\"", shown(names, 2));
        assertEquals(1, names.size());
    }

    @Test
    void moreNamesThanThereIsMemoryForAreRefusedByName() {
        var names = new Names(4 << 20);

        var full = assertThrows(NamesFull.class, () -> {
            for (int inode = 2; inode < 1_000_000; inode++) {
                byte[] name = bytes("file number " + inode);
                names.link(1, name, 0, name.length, inode);
            }
        });

        assertTrue(String.valueOf(full.getMessage()).contains("do not fit into 4 MiB"), full.toString());
    }

    @Test
    void aRingOfDirectoriesHasAnEnd() {
        var names = new Names(4 << 20);
        names.link(2, bytes("a"), 0, 1, 3);
        names.link(3, bytes("b"), 0, 1, 2);

        assertTrue(shown(names, 3).startsWith("(...)/a/b") || shown(names, 3).startsWith("(...)/b/a"), shown(names, 3));
    }
}
