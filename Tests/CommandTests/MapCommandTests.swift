import Foundation
import Testing

@Suite("linkway map")
struct MapCommandTests {
    let project: Project
    init() throws { project = try Project() }

    @Test("the referral alone goes to standard output, the talk to standard error")
    func streams() throws {
        let run = try project.run("map", Project.first)
        #expect(run.status == 0)
        #expect(run.json?["schema"] as? String == "referral/1")
        #expect(run.error.contains("letters@2 · accepted"))
        #expect(Secrets.leaked(in: run.error) == [])
    }

    @Test("a document from standard input gives the same referral")
    func standardInput() throws {
        let run = try project.run("map", "-", input: try project.text(Project.first))
        #expect(run.status == 0)
        #expect(run.out == (try project.run("map", Project.first)).out)
    }

    @Test("UTF-16 is read as well as UTF-8")
    func utf16() throws {
        let text = try project.text(Project.first).replacingOccurrences(of: "UTF-8", with: "UTF-16")
        let data = Data([0xFF, 0xFE]) + (try #require(text.data(using: .utf16LittleEndian)))
        let run = try project.run("map", try project.write("utf16.xml", data))
        #expect(run.status == 0)
        #expect(run.out.contains("Quillfeather"))
    }

    @Test(
        "what cannot be read ends with 65 and says what to do",
        arguments: [
            ("empty.xml", Data(), "document-empty"),
            ("photo.xml", Data([0xFF, 0xD8, 0xFF, 0xE0, 0, 16, 74, 70]), "format-unknown"),
            ("other.xml", Data("<Foo/>".utf8), "mapping-none"),
            ("words.xml", Data("Dear colleague,".utf8), "format-unknown"),
            ("old.doc", Data([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]), "format-unknown"),
        ])
    func unreadable(_ name: String, _ data: Data, _ code: String) throws {
        let run = try project.run("map", try project.write(name, data))
        #expect(run.status == 65)
        #expect(run.out.isEmpty)
        #expect(run.error.contains("[\(code)]"))
        #expect(run.error.contains("help: "))
    }

    @Test("half a file is never half read")
    func truncated() throws {
        let half = String(try project.text(Project.first).prefix(400))
        let run = try project.run("map", try project.write("half.xml", half))
        #expect(run.status == 65)
        #expect(run.out.isEmpty)
        #expect(run.error.contains("xml-truncated"))
        #expect(Secrets.leaked(in: run.error) == [])
    }

    @Test("a missing file and a folder end with 66 and say what to do", arguments: ["nothing.xml", "samples"])
    func notThere(_ name: String) throws {
        let run = try project.run("map", name)
        #expect(run.status == 66)
        #expect(run.out.isEmpty)
        #expect(run.error.contains(name) && run.error.contains("help: "))
    }

    @Test(
        "what a person must look at ends with 2, names the place and shows no value",
        arguments: [
            (
                "two numbers", "<NHSNumber>999 000 4110", "<NHSNumber>9990000018</NHSNumber><NHSNumber>999 000 4110",
                "too-many"
            ),
            ("impossible date", "07/11/1951", "31/02/1968", "date-impossible"),
            ("unknown code", ">U<", ">ZEBRA<", "code-unmapped"),
            ("wrong digit", "999 000 4110", "999 000 4111", "nhs-number-check-digit"),
            ("unread risk", "<NoRisks/>", "<NoRisks/><Risk>big dog</Risk>", "watch-unread"),
        ])
    func held(_ name: String, _ old: String, _ new: String, _ code: String) throws {
        let run = try project.run("map", try project.letter("letter.xml", [old: new]))
        #expect(run.status == 2, "\(name)")
        #expect(run.error.contains("quarantine[\(code)]"))
        #expect(run.error.hasPrefix("quarantine"), "the gravest finding stands first")
        let values =
            Secrets.leaked(in: run.error)
            + ["31/02/1968", "ZEBRA", "999 000 4111", "big dog"].filter { run.error.contains($0) }
        #expect(values == [])
        #expect(try project.run("map", "--strict", "letter.xml").status == 1)
    }

    @Test("a mapping may stand in a file of its own, anywhere")
    func mappingFile() throws {
        let text = try project.text("mappings/letters/letters.yaml").replacingOccurrences(
            of: "mapping: letters\n", with: "mapping: draft\n")
        try project.write("drafts/draft.yaml", text)
        let run = try project.run("map", Project.first, "--mapping", "drafts/draft.yaml")
        #expect(run.status == 0)
        #expect(run.out.contains("draft@2"))
    }

    @Test("a broken mapping does not stand in the way of another")
    func brokenNeighbour() throws {
        try project.write(
            "mappings/other/other.yaml",
            "mapping: other\nversion: 1\nsource: { format: xml, root: X }\ntarget: referral/1\nmap: { persn: { from: \"a\" } }\n"
        )
        let run = try project.run("map", Project.first)
        #expect(run.status == 0)
        let asked = try project.run("map", Project.first, "--mapping", "other")
        #expect(asked.status == 78)
        #expect(asked.out.isEmpty)
        #expect(asked.error.contains("field-unknown") && asked.error.contains("person"))
        #expect(
            try project.run("map", try project.write("x.xml", "<X/>")).status == 78, "the broken one might have read it"
        )
        #expect(try project.run("check").status == 78)
    }

    @Test("a mapping that is not there is named with the nearest")
    func unknownMapping() throws {
        let run = try project.run("map", Project.first, "--mapping", "lettrs")
        #expect(run.status == 66)
        #expect(run.error.contains("did you mean `letters`?"))
    }

    @Test("--json is one object with referrals, findings, coverage and origins")
    func json() throws {
        let run = try project.run("map", Project.first, "--json")
        #expect(run.json?["schema"] as? String == "linkway.map/1")
        #expect((run.json?["referrals"] as? [Any])?.count == 1)
        #expect((run.json?["origins"] as? [[Any]])?.first?.isEmpty == false)
    }

    @Test("--trace and --out write new files and overwrite nothing")
    func files() throws {
        #expect(try project.run("map", Project.first, "--trace", "trace.json", "-o", "out.json").status == 0)
        #expect(project.exists("trace.json"))
        #expect(try project.text("out.json").contains("referral/1"))
        let again = try project.run("map", Project.first, "-o", "out.json")
        #expect(again.status == 73)
        #expect(again.error.contains("nothing is overwritten"))
    }

    @Test("colour is for terminals, and NO_COLOR and --color are obeyed")
    func colour() throws {
        #expect(!(try project.run("map", Project.first)).error.contains("\u{1B}["))
        let forced = try project.run("map", Project.first, environment: ["FORCE_COLOR": "1"])
        #expect(forced.error.contains("\u{1B}["))
        let refused = try project.run("map", Project.first, environment: ["FORCE_COLOR": "1", "NO_COLOR": "1"])
        #expect(!refused.error.contains("\u{1B}["))
        let flag = try project.run("map", Project.first, "--color", "always", environment: ["NO_COLOR": "1"])
        #expect(flag.error.contains("\u{1B}["))
        let never = try project.run("map", Project.first, "--color", "never", environment: ["FORCE_COLOR": "1"])
        #expect(!never.error.contains("\u{1B}["))
    }

    @Test("wrong usage ends with 64")
    func usage() throws {
        #expect(try project.run("map").status == 64)
        #expect(try project.run("map", Project.first, "--profile", "nope").status == 64)
        #expect(try project.run("nonsense").status == 64)
    }
}
