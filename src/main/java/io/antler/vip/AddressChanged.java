package io.antler.vip;

/** Published on the event stream whenever this node takes or no longer has the virtual IP. A node starts without it. */
public record AddressChanged(boolean owned) {}
