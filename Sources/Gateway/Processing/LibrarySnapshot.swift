import Digests
package import DurableFiles
import Reporting
import SourceDocuments

/// The files of a mapping library as they were at one moment, so that a document can be read again just as it was.
package struct LibrarySnapshot: Sendable {
    package struct File: Sendable {
        /// From the library's folder.
        package var path: String
        package var text: String
    }

    package let files: [File]
    /// The SHA-256 of all paths and texts, in hexadecimal.
    package let version: String

    package init(of library: MappingLibrary) throws(FileError) {
        var files: [File] = []
        if Files.isFolder(library.folder) {
            for ending in [".yaml", ".csv"] {
                for path in try MappingLibrary.files(in: library.folder, ending: ending) {
                    let text = String(decoding: try Files.read(path), as: UTF8.self)
                    let own = path.unicodeScalars.dropFirst(library.folder.unicodeScalars.count + 1)
                    files.append(File(path: String(own), text: text))
                }
            }
        }
        self.init(files)
    }

    private init(_ files: [File]) {
        self.files = files.sorted { $0.path < $1.path }
        let digest = Digest()
        digest.begin()
        for file in self.files {
            for part in [file.path, file.text] { digest.add((Array(part.utf8) + [0]).span) }
        }
        version = digest.end().hex
    }

    /// One JSON object, texts by path.
    package var json: [UInt8] {
        let members = files.map { JSONValue.Member(key: $0.path, value: .string($0.text)) }
        return Array(JSONValue.object(members).text().utf8)
    }

    /// Reads what ``json`` wrote; `nil` when it is something else.
    package init?(json: [UInt8]) {
        var document = SourceDocument()
        var findings: [Finding] = []
        guard DocumentReader().read(json, as: .json, into: &document, reporting: &findings), let root = document.root
        else { return nil }
        var files: [File] = []
        var node = root + 1
        while node < document.nodes[Int(root)].next {
            let item = document.nodes[Int(node)]
            guard item.kind == .string, let range = document.ownValue(node) else { return nil }
            files.append(File(path: document.symbols.name(item.name), text: document.text(range)))
            node = item.next
        }
        self.init(files)
    }

    /// Writes the files into a folder of their own, over what an earlier try left half-written, and reads them as a library.
    package func restore(into folder: String) throws(FileError) -> MappingLibrary {
        for file in files where !file.path.split(separator: "/").contains("..") {
            let path = Files.join(folder, file.path)
            try Files.makeFolder(Files.parent(of: path))
            let bytes = Array(file.text.utf8)
            if Files.isThere(path) {
                if try Files.read(path) == bytes { continue }
                try Files.remove(path)
            }
            try Files.create(path, bytes)
        }
        return try MappingLibrary.load(folder)
    }
}
