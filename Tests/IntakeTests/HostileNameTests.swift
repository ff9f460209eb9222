import DurableFiles
import Foundation
import Intake
import Testing
import Reporting
import Simulation

@Suite("Hostile names and files")
struct HostileNameTests {
    /// 38 names that are documents all the same.
    static let names: [[UInt8]] = texts.map { Array($0.utf8) } + notText

    private static let texts = [
        "a\nb.xml", "\n", "a\u{1B}[31mred\u{1B}[0m", "\u{1B}]0;title\u{07}", "-rf", "--", "-", "$(touch x)", "`id`",
        "; rm -rf ~", "a..%2f..%2fetc", "%2e%2e%2f", " ", "  lead", "trail ", "tab\there", "quote'\"", "back\\slash",
        "*",
        "?", "[a-z]", "%00", "%s%n", "CON", "C:x", "a|b>c<d", "\u{202E}lmx.a", "é.xml", "e\u{301}.xml",
        "\u{301}accent first", "a\u{10FF80}b",
    ]

    private static let notText: [[UInt8]] = [
        [0xE9, 0x2E, 0x78, 0x6D, 0x6C], [0xFF], [0xC3, 0x28], [0xED, 0xA0, 0x80], [0x80, 0x0A],
        [UInt8](repeating: 0x61, count: 255), [UInt8](repeating: 0xE9, count: 255),
    ]

    @Test("38 names of any bytes are taken, each ends in `done`, and nothing comes to lie elsewhere")
    func hostileNames() throws {
        #expect(Self.names.count == 38 && Set(Self.names).count == 38)
        let folder = try RealFolder()
        for (number, name) in Self.names.enumerated() { try folder.write(name, Array("text \(number)".utf8)) }
        let findings = try folder.rounds(folder.source(), 4).flatMap(\.findings)
        #expect(findings.isEmpty)
        #expect(folder.receiver.taken.count == 38)
        #expect(try folder.names() == [".work", "done", "failed"])
        let done = try folder.names("done").map { FileName.bytes($0) }
        #expect(done.count == 38)
        let short = Self.names.filter { $0.count < 200 }
        #expect(Set(short).isSubset(of: Set(done)))
        #expect(try DiskFileSystem().list(folder.path, limit: .max) == ["in"])
    }

    @Test("a refused document of any name has its reason beside it", arguments: names)
    func reasons(name: [UInt8]) throws {
        let folder = try RealFolder()
        try folder.write(name, Array("BAD".utf8))
        _ = try folder.rounds(folder.source(), 3)
        let names = try folder.names("failed").map { FileName.bytes($0) }
        #expect(names.count == 2 && names.contains { $0.suffix(8).elementsEqual(".why.txt".utf8) })
    }

    @Test("links, pipes, devices and folders are never opened, and hold nobody up")
    func others() throws {
        let folder = try RealFolder()
        let secret = folder.path + "/secret"
        try DiskFileSystem().create(secret, Array("SECRET".utf8), isFlushed: false)
        symlink(secret, folder.inbox + "/link.xml")
        symlink("/dev/zero", folder.inbox + "/zero.xml")
        symlink("/nowhere", folder.inbox + "/nowhere.xml")
        #expect(mkfifo(folder.inbox + "/pipe.xml", 0o600) == 0)
        mkdir(folder.inbox + "/folder.xml", 0o700)
        // Not everybody may make one.
        mknod(folder.inbox + "/device.xml", S_IFCHR | 0o600, 0x0105)
        link(secret, folder.inbox + "/second-name.xml")
        try folder.write(Array("z.xml".utf8), Array("good".utf8))
        let before = try folder.names().count
        _ = try folder.rounds(folder.source(), 4)
        #expect(folder.receiver.texts == ["good"])
        #expect(try folder.names().count == before - 1 + 3)
    }

    @Test("a file that is exchanged for a link again and again is never read through it")
    func exchange() throws {
        let folder = try RealFolder()
        let secret = folder.path + "/secret"
        try DiskFileSystem().create(secret, Array("SECRET".utf8), isFlushed: false)
        var settings = SourceSettings()
        settings.settle = 0
        settings.retryAfter = 0
        let source = folder.source(settings)
        let target = folder.inbox + "/x.xml"
        let spare = folder.path + "/spare"
        let thread = Thread {
            for number in 0..<10_000 {
                unlink(spare)
                if number % 2 == 0 {
                    symlink(secret, spare)
                } else {
                    try? DiskFileSystem().create(spare, Array("plain \(number)".utf8), isFlushed: false)
                }
                rename(spare, target)
            }
        }
        thread.start()
        while !thread.isFinished { _ = try folder.rounds(source, 1, every: 10) }
        _ = try folder.rounds(source, 3)
        #expect(!folder.receiver.texts.isEmpty)
        #expect(folder.receiver.texts.allSatisfy { $0.hasPrefix("plain") })
        #expect(try folder.names(".work").isEmpty)
    }

    @Test("huge and sparse files are refused from their size, and small ones flow")
    func huge() throws {
        let folder = try RealFolder()
        try folder.write(Array("huge.xml".utf8), [])
        #expect(truncate(folder.inbox + "/huge.xml", 5 << 30) == 0)
        try folder.write(Array("small.xml".utf8), Array("good".utf8))
        let start = Date()
        _ = try folder.rounds(folder.source(), 3)
        #expect(folder.receiver.texts == ["good"])
        #expect(try folder.names("failed") == ["huge.xml", "huge.xml.why.txt"])
        #expect(Date().timeIntervalSince(start) < 5)
    }
}
