package io.antler.monitor;

import org.jspecify.annotations.Nullable;

/** One Antler node as {@code io.antler:type=Node}. The attribute names are an interface to the outside. */
@Description("State of this Antler node")
public interface NodeMXBean {
    @Description("Id of this node, as in antler.node.id")
    String getNode();

    @Description("What this node does: master, standby, starting, witness, metalogger or down")
    String getRole();

    @Description("Kind of standby: hot (loaded and replaying) or warm; null when this node is not a standby")
    @Nullable
    String getStandby();

    @Description("Number of the newest mastership this node has heard of; 0 before the first one")
    long getEpoch();

    @Description("Metadata version after the last change in this node's replica of the journal; null when not known")
    @Nullable
    Long getJournaledVersion();

    @Description("Metadata version of this node's mfsmaster; null when not known")
    @Nullable
    Long getReplayedVersion();

    @Description("Changes that the journal has and this node's mfsmaster has not; null when not known")
    @Nullable
    Long getLag();

    @Description("Id of the master; null when there is none or it is not known")
    @Nullable
    String getMaster();

    @Description("Whether this node has the virtual IP")
    boolean isOwnsAddress();

    @Description("Id of the node that has the virtual IP, as far as this node has heard; null when not known")
    @Nullable
    String getAddressOwner();

    @Description(
            "What an acknowledged change has survived: async = only the master's memory, a crash may lose the last changes")
    String getDurability();

    @Description("Id of the file system's metadata, 16 hexadecimal digits; null before adoption")
    @Nullable
    String getMetadataId();

    @Description("What an operator should know now; null when there is nothing")
    @Nullable
    String getMessage();
}
