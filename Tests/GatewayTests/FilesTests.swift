import DurableFiles
import Foundation
import Testing

@testable import Gateway

@Suite("Files")
struct FilesTests {
    @Test("a file is created once, whole, for its owner, and never overwritten")
    func create() throws {
        let folder = try Folder()
        try Files.create(folder["a"], Array("one".utf8))
        #expect(throws: FileError.self) { try Files.create(folder["a"], Array("two".utf8)) }
        #expect(try folder.text("a") == "one")
        var status = stat()
        #expect(stat(folder["a"], &status) == 0 && status.st_mode & 0o777 == 0o600)
    }

    @Test("renaming overwrites nothing, across folders too")
    func rename() throws {
        let folder = try Folder()
        try folder.write("a", "one")
        try folder.write("sub/b", "two")
        #expect(try !Files.rename(folder["a"], to: folder["sub/b"]))
        #expect(try Files.rename(folder["a"], to: folder["sub/a"]))
        #expect(try folder.text("sub/a") == "one" && folder.text("sub/b") == "two")
        #expect(throws: FileError.self) { try Files.rename(folder["gone"], to: folder["x"]) }
    }

    @Test("where a file system cannot rename without replacing, a second name is given and the first taken away")
    func moveByLink() throws {
        let folder = try Folder()
        try folder.write("a", "one")
        try folder.write("b", "two")
        #expect(try !Files.moveByLink(folder["a"], to: folder["b"]))
        #expect(try folder.text("a") == "one" && folder.text("b") == "two")
        #expect(try Files.moveByLink(folder["a"], to: folder["c"]))
        #expect(folder.names("") == ["b", "c"])
        #expect(try folder.text("c") == "one")
        #expect(throws: FileError.self) { try Files.moveByLink(folder["gone"], to: folder["x"]) }
    }

    @Test(
        "a file that is written to, replaced or moved while it is open is no longer the one that was opened",
        arguments: [
            "nothing", "longer", "same length", "replaced", "gone",
        ])
    func unchanged(what: String) throws {
        let folder = try Folder()
        try folder.write("a", "one")
        let hour = [timespec(tv_sec: 1_700_000_000, tv_nsec: 0), timespec(tv_sec: 1_700_000_000, tv_nsec: 0)]
        utimensat(AT_FDCWD, folder["a"], hour, 0)
        let file = try OpenFile.open(folder["a"])
        let handle = try #require(FileHandle(forUpdatingAtPath: folder["a"]))
        switch what {
        case "longer":
            handle.seekToEndOfFile()
            handle.write(Data("more".utf8))
        case "same length": handle.write(Data("two".utf8))
        case "replaced":
            try folder.write("b", "one")
            utimensat(AT_FDCWD, folder["b"], hour, 0)
            try Files.replace(folder["a"], with: folder["b"])
        case "gone": try FileManager.default.removeItem(atPath: folder["a"])
        default: break
        }
        var isUnchanged = true
        do throws(FileError) { try file.requireUnchanged() } catch { isUnchanged = false }
        #expect(isUnchanged == (what == "nothing"))
    }

    @Test("reading follows no link, waits for no pipe and stops at the limit")
    func read() throws {
        let folder = try Folder()
        try folder.write("a", [UInt8](repeating: 7, count: 10_000))
        #expect(try Files.read(folder["a"]).count == 10_000)
        #expect(try Files.read(folder["a"], limit: 10_000).count == 10_000)
        #expect(
            throws: FileError("read", folder["a"], code: EFBIG, reason: "it has 10000 bytes, and the limit is 9999")
        ) {
            try Files.read(folder["a"], limit: 9_999)
        }
        try FileManager.default.createSymbolicLink(atPath: folder["link"], withDestinationPath: folder["a"])
        mkfifo(folder["pipe"], 0o600)
        for name in ["link", "pipe", "", "gone"] { #expect(throws: FileError.self) { try Files.read(folder[name]) } }
        try folder.write("empty", "")
        #expect(try Files.read(folder["empty"]).isEmpty)
    }

    @Test("folders are made with those above them, and listed in byte order without hidden names")
    func folders() throws {
        let folder = try Folder()
        try Files.makeFolder(folder["a/b/c"])
        try Files.makeFolder(folder["a/b/c"])
        #expect(Files.isFolder(folder["a/b/c"]))
        for name in ["b", "a1", ".x", "B", "é"] { try folder.write("d/" + name, "") }
        #expect(try Files.list(folder["d"]) == ["B", "a1", "b", "é"])
        #expect(throws: FileError.self) { try Files.list(folder["gone"]) }
        try folder.write("file", "")
        #expect(throws: FileError.self) { try Files.makeFolder(folder["file/x"]) }
    }

    @Test(
        "parts of paths",
        arguments: [
            ("a/b", "a", "b"), ("b", ".", "b"), ("/b", "/", "b"), ("/a/b/", "/a/b", "b"), ("/", "/", "/"),
        ])
    func parts(path: String, parent: String, name: String) {
        #expect(Files.parent(of: path) == parent)
        #expect(Files.name(of: path) == name)
    }

    @Test(
        "paths are put together", arguments: [("a", "b", "a/b"), ("a/", "b", "a/b"), ("", "b", "b"), ("a", "/b", "/b")])
    func join(folder: String, name: String, whole: String) {
        #expect(Files.join(folder, name) == whole)
    }

    @Test("a queue shows whole files only, and takes the same name once")
    func queue() throws {
        let folder = try Folder()
        let queue = FolderQueue(folder["q"])
        try queue.prepare()
        #expect(try queue.put([1, 2], named: "a.json") == .added)
        #expect(try queue.put([1, 2], named: "a.json") == .present)
        #expect(try queue.put([3], named: "a.json") == .conflict)
        #expect(try queue.look(for: [3], named: "a.json") == .conflict)
        #expect(try queue.look(for: [3], named: "b.json") == .added)
        #expect(folder.names("q/ready") == ["a.json"] && folder.names("q/tmp").isEmpty)
        #expect(try queue.read("a.json") == [1, 2])
    }
}
