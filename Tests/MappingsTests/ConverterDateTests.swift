import Foundation
import Testing

@testable import Mappings

@Suite("Dates and times")
struct ConverterDateTests {
    @Test(
        "every lexical form in use is the same moment",
        arguments: [
            "2021-04-06T12:33:00+01:00", "2021-04-06T12:33+01", "20210406123300+01", "20210406123300+0100",
            "20210406123300+01:00", "202104061233+01", "20210406T1233+0100", "20210406T123300+01:00",
            "2021-04-06 12:33:00 +0100", "2021-04-06t12:33:00+01:00", " 2021-04-06T12:33:00+01:00\n",
        ])
    func forms(text: String) throws {
        #expect(try dateTime(text) == "2021-04-06T12:33:00+01:00")
    }

    @Test(
        "a text that is nearly a date is refused whole",
        arguments: [
            "2021-4-6T12:33:00Z", "2021-04-06T12:33:00Zulu", "2021-04-06T12:33:0Z", "2021-04-06T12Z", "2021-04-06T",
            "20210406123", "202104061233000", "2021-04-06T12:33:00.Z", "2021-04-06T12:33:00.1234567890Z",
            "2021-04-06T12:33:00+1", "2021-04-06T12:33:00+01:60", "2021-04-06T12:33:00+0100:", "2021-04", "2021",
            "20210406123300 +", "2021-04-06T12:33.5Z", "-2021-04-06T12:33:00Z", "２０２１0406123300",
        ])
    func nearly(text: String) throws {
        #expect(try dateTime(text) == nil)
    }

    @Test("an offset of more than fourteen hours is impossible")
    func farOffset() throws {
        #expect(try dateTime("2021-04-06T12:33:00+14:01") == nil)
        #expect(try dateTime("2021-04-06T12:33:00-14:00") == "2021-04-06T12:33:00-14:00")
    }

    @Test(
        "a leap second is taken where one may be, by UTC",
        arguments: [
            ("2016-12-31T23:59:60Z", true), ("2017-01-01T00:59:60+01:00", true), ("2015-06-30T18:59:60-05:00", true),
            ("2016-12-31T23:59:60+01:00", false), ("2016-12-31T23:59:60", false), ("2016-12-31T22:59:60Z", false),
            ("2016-12-31T23:59:61Z", false), ("2016-03-31T23:59:60Z", false),
        ])
    func leapSecond(text: String, isTaken: Bool) throws {
        #expect(try (dateTime(text) != nil) == isTaken)
    }

    @Test(
        "the clocks change as the time zone database says, 1972 to 2037",
        .enabled(if: TimeZone(identifier: "Europe/London") != nil))
    func clockAgreesWithTheTimeZoneDatabase() throws {
        let london = try #require(TimeZone(identifier: "Europe/London"))
        var utc = Calendar(identifier: .gregorian)
        utc.timeZone = try #require(TimeZone(secondsFromGMT: 0))
        for year in 1972...2037 {
            for (month, days) in [(1, 15...15), (3, 10...31), (7, 1...1), (10, 20...31), (12, 31...31)] {
                for day in days {
                    for hour in 0..<24 {
                        let wall = DateComponents(year: year, month: month, day: day, hour: hour, minute: 30)
                        let asUTC = try #require(utc.date(from: wall))
                        let candidates = [3600, 0].filter {
                            london.secondsFromGMT(for: asUTC.addingTimeInterval(-Double($0))) == $0
                        }
                        var fields = DateFields()
                        (fields.year, fields.month, fields.day, fields.hour, fields.minute) = (
                            year, month, day, hour, 30
                        )
                        let expected: UKClock.Reading =
                            switch candidates.count {
                            case 0: .never
                            case 1: .offset(candidates[0] / 60)
                            default: .twice
                            }
                        if UKClock.read(fields) != expected {
                            Issue.record("\(year)-\(month)-\(day) \(hour):30 \(UKClock.read(fields)) \(expected)")
                        }
                    }
                }
            }
        }
    }

    private func dateTime(_ text: String) throws -> String? {
        let converter = try DateTimeConverter(arguments: [:])
        var output = ConvertedValue()
        let bytes = Array(text.utf8)
        switch converter.convert(bytes.span, into: &output) {
        case .converted, .noted: return String(decoding: output.bytes, as: UTF8.self)
        case .blank, .invalid: return nil
        }
    }
}
