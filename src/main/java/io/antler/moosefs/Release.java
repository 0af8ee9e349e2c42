package io.antler.moosefs;

/**
 * Version of a MooseFS program as it travels: {@code major:u16 mid:u8 minor:u8}; from major 2 on the last byte is twice
 * the minor number, plus one for the Pro edition.
 */
public record Release(int code) {
    /** What we declare: a release whose masters send every packet we understand. */
    public static final Release OURS = new Release(0x0004390A);

    public int major() {
        return code >>> 16;
    }

    @Override
    public String toString() {
        int last = code & 0xFF;
        boolean doubled = major() >= 2;
        return major() + "." + (code >>> 8 & 0xFF) + "." + (doubled ? last / 2 : last)
                + (doubled && last % 2 == 1 ? " Pro" : "");
    }
}
