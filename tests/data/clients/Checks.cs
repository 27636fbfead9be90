// What a typed C# client must be able to do; prints what it saw, as JSON.
using System;
using System.Linq;
using System.Net.Http;
using System.Threading.Tasks;
using Newtonsoft.Json;

class Checks
{
    static HttpClient At(string variable)
    {
        return new HttpClient { BaseAddress = new Uri(Environment.GetEnvironmentVariable(variable) + "/") };
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

        var image = new Scoring.Image.ServiceInput { Image = Environment.GetEnvironmentVariable("IMAGE") };
        var digit = await new Scoring.Image.ImageClient(At("IMAGE_ROOT")).RunMLServiceAsync(image);

        var score = new Scoring.Score.ScoreClient(At("SCORE_ROOT"));
        var patients = new Scoring.Score.ServiceInput();
        patients.Inputs.Data.Add(new Scoring.Score.DataRow { Bmi = double.NaN });
        try
        {
            await score.RunMLServiceAsync(patients);
        }
        catch (Scoring.Score.ApiException<Scoring.Score.ErrorResponse> error)
        {
            Console.WriteLine(JsonConvert.SerializeObject(new
            {
                label = digit.Label,
                ends = answer.Results.Select(row => row.Ends.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ")),
                status = error.StatusCode,
                where = error.Result.Errors.Select(field => field.Where),
            }));
        }
    }
}
