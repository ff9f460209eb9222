import Digests
import DurableFiles

/// Names for documents that are done with.
enum FinishedName {
    /// The longest name of Linux file systems, in bytes.
    private static let longest = 255
    /// Room for `.100000` and the longest ending of a note.
    private static let room = 7 + DocumentFolder.findings.utf8.count

    /// The name itself, shortened where nothing could be put after it, or with a number when it is taken.
    static func free(_ name: String, in folder: String, _ files: any FileSystem) throws(FileError) -> String {
        let name = fitting(name)
        if try files.status(Files.join(folder, name)) == nil { return name }
        for number in 2...100_000 where try files.status(Files.join(folder, "\(name).\(number)")) == nil {
            return "\(name).\(number)"
        }
        throw FileError("name", name, reason: "100,000 documents of that name are there")
    }

    /// A name that notes and numbers can be put after: of a longer one its beginning, eight digits of its SHA-256 and its
    /// ending.
    static func fitting(_ name: String) -> String {
        guard name.utf8.count > longest - room else { return name }
        let dot = name.lastIndex(of: ".") ?? name.endIndex
        let ending = name[dot...].utf8.count <= 10 ? String(name[dot...]) : ""
        let tail = "~" + Digest.sha256(Array(name.utf8)).prefix(8) + ending
        var stem = ""
        for character in name.unicodeScalars {
            guard stem.utf8.count + UTF8.width(character) + tail.utf8.count <= longest - room else { break }
            stem.unicodeScalars.append(character)
        }
        return stem + tail
    }
}
