// What a typed C# client must be able to do; prints what it saw, as JSON.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Text;
using System.Threading.Tasks;
using Newtonsoft.Json;

class Checks
{
    static HttpClient At(string variable)
    {
        return new HttpClient { BaseAddress = new Uri(Environment.GetEnvironmentVariable(variable) + "/") };
    }

    static async Task<int> Label(Scoring.Image.ImageClient images, Stream picture)
    {
        var files = new[] { new Scoring.Image.FileParameter(picture, "picture") };
        var options = new Scoring.Image.Options { Polarity = Scoring.Image.OptionsPolarity.Light_on_dark };
        return (await images.RunMLServiceAsync(files, options)).Label;
    }

    static void Main()
    {
        Run().GetAwaiter().GetResult();
    }

    static async Task Run()
    {
        var visits = new Scoring.Visits.VisitsClient(At("VISITS_ROOT"));
        var begins = new DateTimeOffset(2024, 1, 2, 5, 4, 5, TimeSpan.FromHours(2));
        var visit = new Scoring.Visits.DataRow { Begins = begins, Hours = 1.5 };
        var question = new Scoring.Visits.ServiceInput();
        question.Inputs.Data.Add(visit);
        var answer = await visits.RunMLServiceAsync(question);

        // One picture each: NSwag knows only the first kind of answer, which is the one for one.
        var images = new Scoring.Image.ImageClient(At("IMAGE_ROOT"));
        var labels = new List<int>();
        foreach (var variable in new[] { "FOUR", "EIGHT" })
            using (var file = File.OpenRead(Environment.GetEnvironmentVariable(variable)))
                labels.Add(await Label(images, file));

        var statuses = new List<int>();
        var where = new List<string>();
        var score = new Scoring.Score.ScoreClient(At("SCORE_ROOT"));
        var patients = new Scoring.Score.ServiceInput();
        patients.Inputs.Data.Add(new Scoring.Score.DataRow { Bmi = double.NaN });
        try
        {
            await score.RunMLServiceAsync(patients);
        }
        catch (Scoring.Score.ApiException<Scoring.Score.ErrorResponse> error)
        {
            statuses.Add(error.StatusCode);
            where.AddRange(error.Result.Errors.Select(field => field.Where));
        }
        try
        {
            await Label(images, new MemoryStream(Encoding.ASCII.GetBytes("no picture")));
        }
        catch (Scoring.Image.ApiException<Scoring.Image.ErrorResponse> error)
        {
            statuses.Add(error.StatusCode);
            where.AddRange(error.Result.Errors.Select(field => field.Where));
        }
        var ends = answer.Results.Select(row => row.Ends.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ"));
        Console.WriteLine(JsonConvert.SerializeObject(new { labels, ends, statuses, where }));
    }
}
