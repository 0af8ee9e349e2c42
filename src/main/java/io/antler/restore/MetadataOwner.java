package io.antler.restore;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.List;

/** The user that the packages' master runs as: what it is to start from must be its own. */
final class MetadataOwner {
    private static final String USER = "mfs";

    private MetadataOwner() {}

    /** Only root can give files away, and only to a user that exists; else they stay as they are. */
    static void give(List<Path> files) throws IOException {
        if (!"root".equals(System.getProperty("user.name"))) {
            return;
        }
        try {
            for (Path file : files) {
                UserPrincipalLookupService users = file.getFileSystem().getUserPrincipalLookupService();
                var view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
                view.setOwner(users.lookupPrincipalByName(USER));
                GroupPrincipal group = users.lookupPrincipalByGroupName(USER);
                view.setGroup(group);
            }
        } catch (UserPrincipalNotFoundException _) {
            // no package on this machine: the result is carried elsewhere
        }
    }
}
