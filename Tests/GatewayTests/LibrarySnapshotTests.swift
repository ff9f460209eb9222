import DurableFiles
import Foundation
import Mappings
import Testing

@testable import Gateway

@Suite("Mappings as they were at one moment")
struct LibrarySnapshotTests {
    @Test("what is kept reads back as the same library")
    func roundTrip() throws {
        let snapshot = try LibrarySnapshot(of: GatewayBench.library)
        let back = try #require(LibrarySnapshot(json: snapshot.json))
        #expect(back.version == snapshot.version && back.files.count == snapshot.files.count)
        for (old, new) in zip(snapshot.files, back.files) { #expect(old.path == new.path && old.text == new.text) }
        let folder = try Folder()
        let library = try back.restore(into: folder["versions/é"])
        #expect(library.isUsable)
        #expect(library.set.mappings.map(\.name).sorted() == GatewayBench.library.set.mappings.map(\.name).sorted())
        #expect(try LibrarySnapshot(of: library).version == snapshot.version)
    }

    @Test("the version changes with any text and any name, and with nothing else")
    func version() throws {
        let folder = try Folder()
        func version() throws -> String {
            try LibrarySnapshot(of: MappingLibrary.load(folder["maps"])).version
        }
        try folder.write("maps/a/table.csv", "from,to\n1,2\n")
        let first = try version()
        try folder.write("maps/a/notes.txt", "not a mapping")
        #expect(try version() == first)
        try folder.write("maps/a/table.csv", "from,to\n1,3\n")
        let second = try version()
        #expect(second != first)
        try FileManager.default.moveItem(atPath: folder["maps/a/table.csv"], toPath: folder["maps/a/tables.csv"])
        #expect(try ![first, second].contains(version()))
    }

    @Test("a folder that an earlier try left half-written is put right")
    func halfWritten() throws {
        let snapshot = try LibrarySnapshot(of: GatewayBench.library)
        let folder = try Folder()
        let file = try #require(snapshot.files.first { $0.path.hasSuffix(".yaml") })
        try folder.write("old/" + file.path, String(file.text.prefix(20)))
        #expect(try LibrarySnapshot(of: snapshot.restore(into: folder["old"])).version == snapshot.version)
    }

    @Test("what is no snapshot is none", arguments: ["", "[1]", "{\"a.yaml\":1}", "{\"a\":\"b\"", "{\"a\":{}}"])
    func none(_ text: String) {
        let snapshot = LibrarySnapshot(json: Array(text.utf8))
        #expect(snapshot == nil || snapshot?.files.isEmpty == true)
    }

    @Test("no name leads out of the folder")
    func outside() throws {
        let snapshot = try #require(LibrarySnapshot(json: Array(#"{"../out.csv":"x","a/../../out.csv":"x"}"#.utf8)))
        let folder = try Folder()
        _ = try snapshot.restore(into: folder["in"])
        #expect(!folder.exists("out.csv") && folder.names("").filter { $0 != "in" }.isEmpty)
    }
}
