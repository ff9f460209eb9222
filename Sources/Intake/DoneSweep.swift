package import Custody
package import DurableFiles

/// Empties the folder `done/` of an inbox of what has lain there long enough.
///
/// What is in it is in the store too, and was when it came there. What is in `failed/` waits for a person and stays.
/// A folder is worked off in slices: call again while there is more. Not for two threads at once.
package struct DoneSweep: Sendable {
    /// Names looked at in one call at most.
    private static let slice = 8192
    /// The folder `done/`.
    package let folder: String
    private let files: any FileSystem
    private var last = ""

    package init(_ folder: String, files: any FileSystem) {
        self.folder = folder
        self.files = files
    }

    /// Removes files of the next slice that came into the folder before a time, by the file system's clock. Folders, links
    /// and what else is no file are left alone.
    ///
    /// - Returns: How many were removed (none where the folder is not there yet), and whether there are names that were not looked at yet.
    /// - Throws: ``FileError`` when the folder cannot be worked on; the next call goes on behind the file it was about.
    package mutating func step(before time: Instant) throws(FileError) -> (removed: Int, isMore: Bool) {
        guard try files.status(folder) != nil else { return (0, false) }
        let names = try files.list(folder, after: last, limit: Self.slice)
        var removed = 0
        for name in names {
            last = name
            let path = Files.join(folder, name)
            guard let status = try files.status(path), status.kind == .file,
                status.changed / 1_000_000 < time.milliseconds
            else { continue }
            try files.remove(path)
            removed += 1
        }
        if names.count < Self.slice { last = "" }
        return (removed, names.count == Self.slice)
    }
}
