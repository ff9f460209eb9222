import Custody
import DurableFiles
import Glibc
import Intake
import Simulation
import Testing
import Reporting

@Suite("Folder source")
struct FolderSourceTests {
    @Test("a file is taken when it has not changed for two polls and the settling time")
    func settling() {
        let desktop = Desktop()
        desktop.drop("a.xml", "one")
        desktop.rounds(2)
        #expect(desktop.receiver.texts.isEmpty && desktop.names() == ["a.xml"])
        desktop.files.append("/in/a.xml", Array(" more".utf8))
        desktop.rounds(2)
        #expect(desktop.receiver.texts.isEmpty)
        desktop.rounds(1)
        #expect(desktop.receiver.texts == ["one more"])
        #expect(desktop.names().isEmpty && desktop.names("done") == ["a.xml"] && desktop.names(".work").isEmpty)
    }

    @Test("a clock that jumps lets nothing be taken early, nor late")
    func jumps() {
        let desktop = Desktop()
        desktop.drop("a.xml", "one")
        desktop.rounds(1)
        desktop.clock.jump(milliseconds: 10 * 365 * 86_400_000)
        desktop.rounds(1)
        #expect(desktop.receiver.texts.isEmpty)
        desktop.clock.jump(milliseconds: -20 * 365 * 86_400_000)
        desktop.rounds(1)
        #expect(desktop.receiver.texts == ["one"])
    }

    @Test("of 24 files that grow for three seconds none is taken before it is whole")
    func growing() {
        var settings = SourceSettings()
        settings.settle = 1_500
        let desktop = Desktop(settings)
        for second in 0..<6 {
            for writer in 0..<24 where second >= writer % 3 && second < writer % 3 + 3 {
                let isLast = second == writer % 3 + 2
                let text = Array("\(writer) \(second) \(isLast ? "END" : "")".utf8)
                let path = "/in/w\(writer)"
                if second == writer % 3 { desktop.files.drop(path, text) } else { desktop.files.append(path, text) }
            }
            desktop.rounds(2, every: 500)
        }
        desktop.rounds(10, every: 500)
        #expect(desktop.receiver.texts.count == 24)
        #expect(desktop.receiver.texts.allSatisfy { $0.hasSuffix("END") })
    }

    @Test("refused and held documents go to `failed` with the reason beside them")
    func failing() {
        let desktop = Desktop()
        desktop.drop("bad.xml", "BAD")
        desktop.drop("hold.xml", "HOLD")
        desktop.drop("good.xml", "good")
        desktop.rounds(3)
        #expect(desktop.names("failed") == ["bad.xml", "bad.xml.why.txt", "hold.xml", "hold.xml.why.txt"])
        #expect(desktop.names("done") == ["good.xml"])
        #expect(desktop.files.everything()["/in/failed/bad.xml.why.txt"] == Array("It is bad.\n".utf8))
    }

    @Test("a name that is taken already gets a number")
    func sameName() {
        let desktop = Desktop()
        for text in ["one", "two", "three", "four", "five", "six"] {
            desktop.drop("a.xml", text)
            desktop.rounds(3)
        }
        #expect(desktop.receiver.texts.count == 6)
        let names = desktop.names("done")
        #expect(names.count == 6 && Set(names).isSuperset(of: ["a.xml", "a.xml.2", "a.xml.3"]))
    }

    @Test("what is not whole or no document is left alone")
    func leftAlone() {
        let desktop = Desktop()
        let names = [".hidden", "a.tmp", "a.PART", "a.filepart", "a.lock", "~$a.xml", "a.why.txt", "a.findings.txt"]
        for name in names { desktop.drop(name, "text") }
        desktop.files.drop("/in/link", .link)
        desktop.files.drop("/in/pipe", .other)
        desktop.files.drop("/in/folder", .folder)
        desktop.rounds(5)
        #expect(desktop.receiver.texts.isEmpty)
        #expect(Set(desktop.names()) == Set(names + ["link", "pipe", "folder"]))
    }

    @Test("an empty file is left alone, told of once after ten minutes, and taken when it is filled")
    func empty() {
        let desktop = Desktop()
        desktop.drop("a.xml", "")
        let findings = desktop.rounds(10, every: 150_000).flatMap(\.findings)
        #expect(findings.map(\.code) == ["file-empty"])
        desktop.files.append("/in/a.xml", Array("now".utf8))
        desktop.rounds(3)
        #expect(desktop.receiver.texts == ["now"])
    }

    @Test("with a marker setting a file is taken only beside its marker, which goes last")
    func markers() {
        var settings = SourceSettings()
        settings.marker = ".done"
        let desktop = Desktop(settings)
        desktop.drop("a.xml", "one")
        desktop.rounds(4)
        #expect(desktop.receiver.texts.isEmpty)
        desktop.drop("a.xml.done", "")
        desktop.rounds(1)
        #expect(desktop.receiver.texts == ["one"])
        #expect(desktop.names().isEmpty && desktop.names("done") == ["a.xml"])
        // A marker that is older than its document may be of an earlier one: then both rules hold.
        desktop.drop("b.xml.done", "")
        desktop.drop("b.xml", "two")
        desktop.rounds(2)
        #expect(desktop.receiver.texts == ["one"])
        desktop.rounds(1)
        #expect(desktop.receiver.texts == ["one", "two"])
        // Left over without a document.
        desktop.drop("c.xml.done", "")
        desktop.rounds(3, every: 400_000)
        #expect(desktop.names().isEmpty)
    }

    @Test("a file without its marker is told of once")
    func withoutMarker() {
        var settings = SourceSettings()
        settings.marker = ".ok"
        let desktop = Desktop(settings)
        desktop.drop("a.xml", "one")
        let findings = desktop.rounds(10, every: 150_000).flatMap(\.findings)
        #expect(findings.map(\.code) == ["file-without-marker"])
    }

    @Test("documents come in the byte order of their names, in batches of a limited size")
    func order() {
        var settings = SourceSettings()
        settings.batchDocuments = 7
        settings.slice = 5
        settings.documentsPerRound = 50
        settings.settle = 0
        let desktop = Desktop(settings)
        let names = (0..<120).map { "n\(1000 + $0 * 37 % 120)" }
        for name in names { desktop.drop(name, name) }
        let summaries = desktop.rounds(3)
        #expect(summaries.map(\.isMore) == [true, true, false])
        #expect(desktop.receiver.texts == names.sorted())
        #expect(desktop.receiver.batches.allSatisfy { $0 <= 7 })
    }

    @Test("a batch has a limited number of bytes")
    func batchBytes() {
        var settings = SourceSettings()
        settings.batchBytes = 100
        settings.settle = 0
        let desktop = Desktop(settings)
        for number in 0..<6 { desktop.drop("\(number)", String(repeating: "\(number)", count: 40)) }
        desktop.drop("6", String(repeating: "6", count: 500))
        desktop.rounds(1)
        #expect(desktop.receiver.batches == [2, 2, 2, 1])
    }

    @Test("when the store fails all stays in `.work`, and is taken when it is well")
    func storeFails() throws {
        var settings = SourceSettings()
        settings.settle = 0
        let desktop = Desktop(settings)
        for name in ["a", "b"] { desktop.drop(name, name) }
        desktop.receiver.fail(.full)
        #expect(desktop.rounds(1).map(\.storeFailure) == [.full])
        #expect(desktop.names(".work") == ["a", "b"])
        desktop.drop("c", "c")
        // It is asked more and more rarely, but within five seconds of being well again.
        #expect(desktop.rounds(100, every: 1_000).count { $0.storeFailure != nil } <= 25)
        desktop.receiver.fail(nil)
        desktop.rounds(10, every: 10_000)
        #expect(desktop.receiver.texts == ["a", "b", "c"])
        #expect(desktop.names("done") == ["a", "b", "c"])
    }

    @Test("a file that cannot be read is tried every 30 s, told of once, and holds nobody up")
    func unreadable() {
        let desktop = Desktop()
        for name in ["a", "b", "c"] { desktop.drop(name, name) }
        desktop.files.damage("/in/.work/b", EACCES)
        let summaries = desktop.rounds(20)
        #expect(desktop.receiver.texts == ["a", "c"])
        #expect(summaries.flatMap(\.findings).map(\.code) == ["file-failed"])
        desktop.files.damage("/in/.work/b", nil)
        desktop.rounds(10)
        #expect(desktop.receiver.texts == ["a", "c", "b"])
    }

    @Test("a file that vanished is no error")
    func vanished() {
        let desktop = Desktop()
        for name in ["a", "b"] { desktop.drop(name, name) }
        desktop.rounds(2)
        desktop.files.damage("/in/a", ENOENT)
        #expect(desktop.rounds(2).flatMap(\.findings).isEmpty)
        #expect(desktop.receiver.texts == ["b"])
    }

    @Test("a document larger than the limit is refused unread, with the reason")
    func tooLarge() {
        var settings = SourceSettings()
        settings.largest = 10
        let desktop = Desktop(settings)
        desktop.drop("big", String(repeating: "x", count: 11))
        desktop.drop("small", "x")
        let summaries = desktop.rounds(3)
        #expect(desktop.receiver.texts == ["x"])
        #expect(desktop.names("failed") == ["big", "big.why.txt"])
        #expect(summaries.flatMap(\.findings).map(\.code) == ["document-too-large"])
    }

    @Test("a document that ends the process is set aside unread when it has done so twice; the others flow")
    func poison() {
        var desktop = Desktop()
        for (name, text) in [("a", "one"), ("b", "POISON"), ("c", "three")] { desktop.drop(name, text) }
        for _ in 0..<12 {
            desktop.rounds(4)
            if desktop.files.isDown { desktop.files.crash() }
            desktop.restart()
        }
        desktop.rounds(4)
        #expect(Set(desktop.receiver.texts) == ["one", "POISON", "three"])
        #expect(desktop.receiver.arrivals.filter(\.isSuspect).map(\.name) == ["b"])
        #expect(desktop.names("done") == ["a", "c"] && desktop.names("failed").first == "b")
    }

    @Test("a share that refuses renames is copied from, and its file removed when it is in custody")
    func copying() {
        var settings = SourceSettings()
        settings.claim = .copy(into: "/own")
        let desktop = Desktop(settings)
        desktop.drop("a", "one")
        desktop.receiver.fail(.full)
        desktop.rounds(3)
        #expect(desktop.names() == ["a"])
        desktop.receiver.fail(nil)
        desktop.rounds(3)
        #expect(desktop.receiver.texts == ["one"])
        #expect(desktop.names().isEmpty)
        #expect(Set(desktop.files.everything().keys) == ["/own/done/a"])
    }

    @Test("on a read-only share nothing changes; a file is taken once, and again when it changes or after a restart")
    func readOnly() {
        var settings = SourceSettings()
        settings.claim = .readOnly(into: "/own")
        var desktop = Desktop(settings)
        desktop.drop("a", "one")
        desktop.drop("b", "BAD")
        desktop.rounds(8)
        #expect(desktop.receiver.texts == ["one", "BAD"])
        #expect(desktop.names() == ["a", "b"])
        #expect(
            Set(desktop.files.everything().keys) == ["/in/a", "/in/b", "/own/failed/b", "/own/failed/b.why.txt"])
        desktop.files.append("/in/a", Array(" more".utf8))
        desktop.rounds(4)
        #expect(desktop.receiver.texts == ["one", "BAD", "one more"])
        desktop.restart()
        desktop.rounds(4)
        #expect(desktop.receiver.texts.count == 5 && desktop.receiver.taken.values.allSatisfy { $0 == 1 })
    }

    @Test("a folder that is not there is an error, and nothing is made in its place")
    func missing() {
        let files = SimulatedFileSystem()
        let source = FolderSource(
            "a", folder: "/gone", files: files, time: SimulatedClock(), receiver: SimulatedReceiver())
        #expect(throws: FileError.self) { try source.round() }
        #expect(files.everything().isEmpty)
    }
}
