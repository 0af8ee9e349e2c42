package io.antler.vip;

/** The address cannot be taken as things stand; the message says what a person can do. */
public final class VipUnusable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    VipUnusable(String message) {
        super(message);
    }
}
