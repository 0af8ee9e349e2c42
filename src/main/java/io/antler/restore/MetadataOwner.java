package io.antler.restore;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.List;

/**
 * The user that a master runs as: what it is to start from must be its own.
 *
 * @param group of the same name as the user, if the configuration of the master names none
 */
public record MetadataOwner(String user, String group) {
    /** Of the packages' master. */
    public static final MetadataOwner OF_PACKAGES = new MetadataOwner("mfs", "mfs");

    /** Only root can give files away, and only to a user that exists; else they stay as they are. */
    void give(List<Path> files) throws IOException {
        if (!"root".equals(System.getProperty("user.name"))) {
            return;
        }
        try {
            for (Path file : files) {
                UserPrincipalLookupService users = file.getFileSystem().getUserPrincipalLookupService();
                var view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
                view.setOwner(users.lookupPrincipalByName(user));
                view.setGroup(users.lookupPrincipalByGroupName(group));
            }
        } catch (UserPrincipalNotFoundException _) {
            // no package on this machine: the result is carried elsewhere
        }
    }
}
