import DurableFiles
import Foundation
import Intake
import Simulation
import Testing

@Suite("File systems")
struct FileSystemTests {
    @Test("a move that fails says so without a name that could be a person's: that part is logged")
    func nameless() throws {
        let disk = DiskFileSystem()
        let error = try #require(throws: FileError.self) {
            try disk.move("/nowhere/ASHWORTH_9990000018.xml", to: "/nowhere/done/ASHWORTH_9990000018.xml")
        }
        #expect(error.action == "move" && !error.reason.contains("ASHWORTH"))
        #expect(error.description.contains("/nowhere/done/"))
    }

    @Test("every name has one text, and every text one name", arguments: HostileNameTests.names)
    func names(bytes: [UInt8]) {
        #expect(FileName.bytes(FileName.text(bytes)) == bytes)
    }

    @Test("any bytes at all survive being a text")
    func anyBytes() {
        let chance = SimulatedRandomness(seed: 7)
        for _ in 0..<20_000 {
            let special: [UInt8] = [0xF4, 0x8F, 0xBE, 0xBF, 0x80, 0xC3, 0xA9, 0xED, 0xE2, 0x41]
            let bytes = (0..<chance.below(12)).map { _ in special[chance.below(special.count)] }
            #expect(FileName.bytes(FileName.text(bytes)) == bytes)
        }
    }

    @Test("names that are not UTF-8 are shown with their bytes written out")
    func shown() {
        #expect(FileName.shown(FileName.text([0x61, 0xE9])) == "a\\xE9")
        #expect(FileName.shown("é") == "é")
    }

    @Test("of many names the first are listed, in byte order, and those after one")
    func listing() throws {
        let folder = try RealFolder()
        for number in 0..<500 { try folder.write(Array("\(number * 37 % 500)".utf8), []) }
        let all = (0..<500).map { "\($0)" }.sorted()
        let files = DiskFileSystem()
        #expect(try files.list(folder.inbox, limit: 10) == Array(all[..<10]))
        #expect(try files.list(folder.inbox, after: all[99], limit: 50) == Array(all[100..<150]))
        #expect(try files.list(folder.inbox, limit: .max) == all)
        #expect(throws: FileError.self) { try files.list(folder.inbox + "/gone", limit: 1) }
    }

    @Test("a path with a NUL is refused, not cut off")
    func nul() {
        #expect(throws: FileError.self) { try DiskFileSystem().status("/etc/passwd\0.xml") }
        #expect(throws: FileError.self) { _ = try DiskFileSystem().move("/etc/gone", to: "/etc/x\0y") }
    }

    @Test("both file systems keep the same contract", arguments: [true, false])
    func contract(isSimulated: Bool) throws {
        let real = try RealFolder()
        let files: any FileSystem = isSimulated ? SimulatedFileSystem() : DiskFileSystem()
        let folder = real.inbox
        try files.makeFolder(folder + "/a/b")
        try files.makeFolder(folder + "/a/b")
        let path = folder + "/a/b/x"
        #expect(try files.status(path) == nil)
        try files.create(path, Array("one".utf8), isFlushed: true)
        #expect(throws: FileError.self) { try files.create(path, [], isFlushed: false) }
        let (bytes, status) = try files.read(path, limit: 3)
        #expect(bytes == Array("one".utf8) && status.size == 3 && status.links == 1 && status.kind == .file)
        #expect(throws: FileError.self) { try files.read(path, limit: 2) }
        #expect(throws: FileError.self) { try files.read(folder + "/a", limit: 2) }
        #expect(try files.move(path, to: folder + "/a/y"))
        try files.create(path, [], isFlushed: false)
        #expect(try !files.move(path, to: folder + "/a/y"))
        #expect(throws: FileError.self) { try files.move(folder + "/gone", to: folder + "/z") }
        try files.flush(file: path)
        try files.flush(folder: folder)
        #expect(try files.list(folder + "/a", limit: 9) == ["b", "y"])
        try files.remove(path)
        try files.remove(path)
        #expect(try files.status(folder + "/a")?.kind == .folder)
    }

    @Test("a simulated crash forgets names and data that were not flushed, and keeps those that were")
    func crash() throws {
        var kept: Set<String> = []
        for seed in 0..<50 as Range<UInt64> {
            let files = SimulatedFileSystem(seed: seed)
            try files.makeFolder("/a")
            try files.create("/a/flushed", Array("all of it".utf8), isFlushed: true)
            try files.flush(folder: "/a")
            #expect(try files.move("/a/flushed", to: "/a/moved"))
            try files.create("/a/loose", Array("loose".utf8), isFlushed: false)
            files.crash()
            let left = files.everything()
            #expect((left["/a/flushed"] ?? left["/a/moved"]) == Array("all of it".utf8))
            #expect((left["/a/flushed"] == nil) != (left["/a/moved"] == nil))
            kept.formUnion(left.keys)
        }
        #expect(kept == ["/a/flushed", "/a/moved", "/a/loose"])
    }

    @Test("a watch wakes at once when a file comes, and by its bell, and else when the time is over")
    func watching() throws {
        let folder = try RealFolder()
        let watch = FolderWatch([folder.inbox, "/nowhere"])
        #expect(!watch.wait(milliseconds: 1))
        try folder.write(Array("a".utf8), [1])
        #expect(watch.wait(milliseconds: 5_000))
        #expect(!watch.wait(milliseconds: 1))
        watch.ring()
        #expect(watch.wait(milliseconds: 5_000))
    }
}
