package import DurableFiles
/// A queue of referrals on disk in the shape of a maildir: whoever reads `ready/` sees whole files only.
///
/// A file is written to `tmp/`, flushed, and given its name in `ready/`. Names are referral ids and hold no identity of
/// a person. Putting the same referral again is no change; another content under the same name is refused.
package struct FolderQueue: Sendable {
    package enum Put: Sendable {
        case added
        /// The same bytes are there already.
        case present
        /// Another content has that name.
        case conflict
    }

    package let folder: String

    package init(_ folder: String) { self.folder = folder }

    /// Makes the folders, and removes from `tmp/` what a run that was cut off left behind. Only under a lock.
    package func prepare() throws(FileError) {
        let temporary = Files.join(folder, "tmp")
        try Files.makeFolder(temporary)
        try Files.makeFolder(Files.join(folder, "ready"))
        for name in try Files.list(temporary) where name.hasSuffix(".json") {
            try Files.remove(Files.join(temporary, name))
        }
    }

    /// What putting a referral would find; changes nothing.
    package func look(for bytes: [UInt8], named name: String) throws(FileError) -> Put {
        let ready = Files.join(Files.join(folder, "ready"), name)
        return Files.exists(ready) ? try compare(bytes, with: ready) : .added
    }

    /// Puts a referral into the queue; on return it is on the disk.
    package func put(_ bytes: [UInt8], named name: String) throws(FileError) -> Put {
        let ready = Files.join(Files.join(folder, "ready"), name)
        if Files.exists(ready) {
            let result = try compare(bytes, with: ready)
            // A run that was cut off may have given the name and not have flushed it.
            if result == .present { try Files.sync(folder: Files.parent(of: ready)) }
            return result
        }
        let temporary = Files.join(Files.join(folder, "tmp"), name)
        try Files.remove(temporary)
        try Files.create(temporary, bytes)
        if try Files.rename(temporary, to: ready) { return .added }
        let result = try compare(bytes, with: ready)
        try Files.remove(temporary)
        return result
    }

    /// A referral that lies ready.
    package func read(_ name: String) throws(FileError) -> [UInt8] {
        try Files.read(Files.join(Files.join(folder, "ready"), name))
    }

    private func compare(_ bytes: [UInt8], with path: String) throws(FileError) -> Put {
        try Files.read(path) == bytes ? .present : .conflict
    }
}
