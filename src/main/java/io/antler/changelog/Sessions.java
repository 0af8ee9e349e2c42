package io.antler.changelog;

import java.util.LinkedHashMap;
import java.util.Map;

/** Where each session comes from; the newest {@value #MOST}. */
final class Sessions {
    private static final int MOST = 20_000;
    private static final int LONGEST_PLACE = 300;

    private final Map<Integer, byte[]> places = new LinkedHashMap<>();

    /** @param shown address and mount point */
    void put(int session, Text shown) {
        int length = Math.min(LONGEST_PLACE, shown.length());
        while (length < shown.length() && (shown.bytes()[length] & 0xC0) == 0x80) {
            length--; // no half character
        }
        byte[] place = new byte[length];
        System.arraycopy(shown.bytes(), 0, place, 0, place.length);
        places.remove(session);
        if (places.size() == MOST) {
            places.remove(places.keySet().iterator().next());
        }
        places.put(session, place);
    }

    /** Where it is known: {@code session 3 (10.99.0.1 /mnt/mfs)}. */
    void show(int session, Text out) {
        out.add("session ").number(Integer.toUnsignedLong(session));
        byte[] place = places.get(session);
        if (place != null) {
            out.add(" (").add(place, 0, place.length).add(')');
        }
    }
}
