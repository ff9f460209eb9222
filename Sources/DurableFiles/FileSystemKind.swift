internal import CPosix

/// What kind of file system a folder is on, so far as that decides what may be promised.
package enum FileSystemKind {
    /// The name of a file system that is shared over a network or served by a program: it cannot promise that what is
    /// written stays, and its locks may keep nobody out. `nil` for those of this machine.
    package static func sharedName(at path: String) -> String? { shared[linkway_file_system_kind(path)] }

    /// The name of a file system that is gone with a restart of the machine or the container; `nil` for those that stay.
    package static func passingName(at path: String) -> String? { passing[linkway_file_system_kind(path)] }

    private static let shared: [UInt: String] = [
        0x6969: "NFS", 0x517b: "SMB", 0xff53_4d42: "CIFS", 0xfe53_4d42: "SMB", 0x6573_5546: "FUSE",
        0x0102_1997: "9p", 0x00c3_6400: "Ceph", 0x5346_414f: "AFS",
    ]
    private static let passing: [UInt: String] = [0x0102_1994: "tmpfs", 0x8584_58f6: "ramfs", 0x794c_7630: "overlay"]
}
